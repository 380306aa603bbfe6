// A press that is held, with a finger or a mouse, and the click that would follow it.

const HELD_MS = 500;
/** A pointer that moves further scrolls or drags, in pixels. */
const STILL_PX = 8;

/** The handlers of an element in which a press may be held. @param held is called with the element that is pressed */
export function onLongPress(held: (target: Element) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let from = { x: 0, y: 0 };
  let wasHeld = false;
  const stop = () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  return {
    onPointerDown(event: PointerEvent) {
      stop();
      wasHeld = false;
      from = { x: event.clientX, y: event.clientY };
      const target = event.target as Element;
      if (event.button !== 0) return;
      timer = setTimeout(() => {
        // On a busy page, the press may have ended although its event has not arrived. The event comes before the next frame.
        frame = requestAnimationFrame(() => {
          wasHeld = true;
          held(target);
        });
      }, HELD_MS);
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (Math.hypot(clientX - from.x, clientY - from.y) > STILL_PX) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    "on:dragstart": stop,
    /** A finger that is held opens the link's menu in some browsers. */
    onContextMenu(event: MouseEvent) {
      if (wasHeld) event.preventDefault();
    },
    "oncapture:click"(event: MouseEvent) {
      if (!wasHeld) return;
      wasHeld = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
