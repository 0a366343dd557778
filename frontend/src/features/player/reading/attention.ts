/** Whether somebody is reading: what the page can tell of it. Pure; times are the client's clock in ms. */
export interface Attention {
  visible: boolean;
  /** Since when another window has the focus; null: this one has it. */
  blurredAt: number | null;
  /** When somebody last scrolled, moved, typed or touched. */
  activeAt: number;
}

export type Away =
  /** The page is in the background. */
  | "hidden"
  /** Another window has had the focus for long. */
  | "blurred"
  /** Nobody has done anything for long. */
  | "idle";

/** Notes are taken in another window: a glance there is still reading. */
export const blurredMs = 60_000;
/** A page takes a while to read, and nobody has to fidget meanwhile. */
export const idleMs = 60_000;

export type Sign =
  | { type: "visible"; visible: boolean }
  | { type: "focus" }
  | { type: "blur" }
  | { type: "active" };

export function attend(state: Attention, sign: Sign, now: number): Attention {
  switch (sign.type) {
    case "visible":
      // Coming back is doing something.
      return { ...state, visible: sign.visible, activeAt: sign.visible ? now : state.activeAt };
    case "focus":
      return { ...state, blurredAt: null, activeAt: now };
    case "blur":
      return { ...state, blurredAt: state.blurredAt ?? now };
    case "active":
      return { ...state, activeAt: now };
  }
}

export function awayOf({ visible, blurredAt, activeAt }: Attention, now: number): Away | null {
  if (!visible) return "hidden";
  if (blurredAt !== null && now - blurredAt >= blurredMs) return "blurred";
  return now - activeAt >= idleMs ? "idle" : null;
}
