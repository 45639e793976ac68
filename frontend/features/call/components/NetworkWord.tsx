import { Icon } from "@/components/ui/icon";

import { qualityOf, type Network } from "../callMetrics";

const BAR_HEIGHTS = [5, 9, 13];

/** The line in three bars and a word. */
export function NetworkWord({ network, isOffline }: { network: Network | null; isOffline: boolean }) {
  if (isOffline) {
    return (
      <span className="row s13 t2 net">
        <Icon name="network" />
        <span>Offline</span>
      </span>
    );
  }
  if (!network) return null;
  const { bars, word } = qualityOf(network);
  return (
    <span className="row s13 t2 net">
      <span className="bars3" aria-hidden="true">
        {BAR_HEIGHTS.map((height, index) => (
          <i key={height} className={index < bars ? undefined : "off"} style={{ height }} />
        ))}
      </span>
      <span>
        {word}
        <span className="vh"> connection</span>
      </span>
    </span>
  );
}
