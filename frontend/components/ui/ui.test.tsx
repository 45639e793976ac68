import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { Dialog } from "./dialog";
import { Field } from "./field";
import { Meter } from "./meter";
import { Loading } from "./skeleton";
import { ToastProvider, useToast } from "./toast";

describe("a field", () => {
  it("reads its error out with the input, instead of its hint", () => {
    const { rerender } = render(<Field label="Name" hint="Shown in the call." />);
    expect(screen.getByLabelText("Name")).toHaveAccessibleDescription("Shown in the call.");
    rerender(<Field label="Name" hint="Shown in the call." error="Taken." />);
    expect(screen.getByLabelText("Name")).toHaveAccessibleDescription("Taken.");
    expect(screen.getByLabelText("Name")).toBeInvalid();
  });
});

describe("a dialog", () => {
  function Asker() {
    const [isOpen, setIsOpen] = useState(false);
    return (
      <>
        <button onClick={() => setIsOpen(true)}>Ask</button>
        <Dialog
          open={isOpen}
          onOpenChange={setIsOpen}
          title="Sure?"
          actions={<button onClick={() => setIsOpen(false)}>Yes</button>}
        />
      </>
    );
  }

  it.each(["{Escape}", "{Enter}"])("gives the focus back to what opened it, closed by %s", async (key) => {
    render(<Asker />);
    const opener = screen.getByRole("button", { name: "Ask" });
    await userEvent.click(opener);
    expect(screen.getByRole("button", { name: "Yes" })).toHaveFocus();
    await userEvent.keyboard(key);
    await vi.waitFor(() => expect(opener).toHaveFocus());
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("a meter", () => {
  it.each([
    [-60, 0],
    [-30, 16],
    [0, 32],
    [-96, 0],
  ])("at %d dBFS lights %d of 32 bars", (dbfs, lit) => {
    const { container } = render(<Meter label="Level" dbfs={dbfs} />);
    expect(container.querySelectorAll(".on")).toHaveLength(lit);
  });
});

describe("loading", () => {
  it("shows nothing for 200 ms, then its blocks", () => {
    vi.useFakeTimers();
    const { container } = render(<Loading label="Loading">blocks</Loading>);
    expect(container.firstChild).not.toBeVisible();
    act(() => vi.advanceTimersByTime(200));
    expect(container.firstChild).toBeVisible();
    vi.useRealTimers();
  });
});

describe("a toast", () => {
  function Saver() {
    const show = useToast();
    return <button onClick={() => show({ text: "Saved." })}>Save</button>;
  }

  it("says its words where a screen reader hears them", async () => {
    render(
      <ToastProvider>
        <Saver />
      </ToastProvider>,
    );
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect((await screen.findAllByText("Saved.")).length).toBeGreaterThan(0);
  });
});
