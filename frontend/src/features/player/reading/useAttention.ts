import { useEffect, useRef } from "react";
import { type Attention, type Away, attend, awayOf, type Sign } from "./attention";

const active = ["pointermove", "pointerdown", "keydown", "wheel", "scroll", "touchmove"] as const;

/** Whether somebody is reading, when asked. */
export function useAttention(): () => Away | null {
  const state = useRef<Attention>({ visible: true, blurredAt: null, activeAt: 0 });
  useEffect(() => {
    const note = (sign: Sign) => {
      state.current = attend(state.current, sign, Date.now());
    };
    const isActive = () => note({ type: "active" });
    const focus = () => note({ type: "focus" });
    const blur = () => note({ type: "blur" });
    const visible = () => note({ type: "visible", visible: document.visibilityState === "visible" });
    focus();
    visible();
    if (!document.hasFocus()) blur();
    for (const name of active) addEventListener(name, isActive, { passive: true, capture: true });
    addEventListener("focus", focus);
    addEventListener("blur", blur);
    document.addEventListener("visibilitychange", visible);
    return () => {
      for (const name of active) removeEventListener(name, isActive, { capture: true });
      removeEventListener("focus", focus);
      removeEventListener("blur", blur);
      document.removeEventListener("visibilitychange", visible);
    };
  }, []);
  return () => awayOf(state.current, Date.now());
}
