/** The mark and the name: half open, half solid, as the turns of a call. */
export function Brand({ size = 22 }: { size?: number }) {
  return (
    <>
      <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M10.2 3.2a9 9 0 0 0 0 17.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
        <path d="M13.6 2.1a10 10 0 0 1 0 19.8z" fill="currentColor" />
      </svg>
      Parley
    </>
  );
}
