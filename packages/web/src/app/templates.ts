// Solid's module for compiled components, which vite.config.ts puts in the place of `solid-js/web`. Its templates may become
// elements under Trusted Types: the compiler makes them from the sources, and no data is ever in them.
import { template as untrusted } from "solid-js/web";

export * from "solid-js/web";

// Browsers without Trusted Types take the string.
const policy = window.trustedTypes?.createPolicy("solid", { createHTML: (html) => html });

export const template: typeof untrusted = (html, ...kind) =>
  untrusted((policy?.createHTML(html) ?? html) as string, ...kind);
