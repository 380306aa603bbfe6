// Says what went wrong, with a button for what can be done about it.
import type { JSX } from "solid-js";
import "./alert.css";

/** `role`: for an alert that appears by itself, and is in no region that is announced. */
export function Alert(props: { role?: "alert" | "status"; children: JSX.Element }) {
  return (
    <div class="alert" role={props.role}>
      {props.children}
    </div>
  );
}
