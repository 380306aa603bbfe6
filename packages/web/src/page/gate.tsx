// A page without the frame, beside a large wordmark: signing in and what belongs to it, and errors.
import type { JSX } from "solid-js";
import { useArrival } from "./focus.ts";
import { RANK, useTitle } from "./title.ts";
import { Wordmark } from "./wordmark.tsx";
import "./gate.css";

export function Gate(props: { title: string; children: JSX.Element }) {
  let heading!: HTMLHeadingElement;
  useTitle(() => props.title, RANK.page);
  // A form begins in its first field.
  useArrival(() => heading.parentElement?.querySelector("input") ?? heading);
  return (
    <main class="gate">
      <div>
        <Wordmark />
      </div>
      <div>
        <h1 ref={heading} tabindex="-1">
          {props.title}
        </h1>
        {props.children}
      </div>
    </main>
  );
}
