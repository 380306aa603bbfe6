// How the web app is built, and how it is served from its sources. The page names its files by their hash, so that old tabs
// keep working across a deployment. Nothing is inlined, because the content security policy would refuse it.

import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { defineConfig, type Plugin, type ProxyOptions, type UserConfig } from "vite";
import solid from "vite-plugin-solid";

/**
 * Does what CloudFront does: passes requests on to API Gateway with the headers that only a distribution may set. Anyone can
 * call API Gateway, so the API believes these headers only with the secret.
 * @param origin API Gateway on AWS under `sst dev`, the local one under `npm run dev`
 */
function distribution(origin: string): ProxyOptions {
  const secret = process.env[ENV.originSecret];
  return {
    target: origin,
    changeOrigin: true,
    configure(proxy) {
      proxy.on("proxyReq", (outgoing, incoming) => {
        outgoing.setHeader(SITE_ORIGIN_HEADER, `http://${incoming.headers.host}`);
        outgoing.setHeader(CLIENT_ADDRESS_HEADER, incoming.socket.remoteAddress ?? "");
        if (secret) outgoing.setHeader(ORIGIN_SECRET_HEADER, secret);
        else outgoing.removeHeader(ORIGIN_SECRET_HEADER);
      });
    },
  };
}

/**
 * The headers that the page has when it is deployed, but Vite puts style sheets into the page, and a module that it replaces
 * makes its policy again.
 */
const HEADERS = {
  ...WEB_HEADERS,
  "content-security-policy": (WEB_HEADERS["content-security-policy"] ?? "")
    .replace(/style-src [^;]+/, "$& 'unsafe-inline'")
    .replace(/; trusted-types [^;]+/, "$& 'allow-duplicates'"),
};

/** The name by which compiled components import Solid's functions: src/app/templates.ts says why. */
const SOLID = "solid-with-trusted-templates";

/**
 * Turndown parses an empty string when it loads, to see whether the browser can. Trusted Types would report that; it is given
 * elements only, and never parses.
 */
function withoutParsing(): Plugin {
  const test = "canParseHTMLNatively() ? root.DOMParser : createHTMLParser()";
  return {
    name: "turndown-without-parsing",
    transform(code, id) {
      if (!id.includes("/turndown/lib/")) return undefined;
      if (!code.includes(test)) this.error("This version of Turndown chooses its parser in another way");
      return code.replace(test, "undefined");
    },
  };
}

/** Hono's client can write cookies into a header, which no browser lets a page do. */
function withoutCookies(): Plugin {
  return {
    name: "hono-without-cookies",
    transform: (_code, id) =>
      id.endsWith("/hono/dist/utils/cookie.js") ? "export const serialize = undefined;" : undefined,
  };
}

/**
 * The files that code is put into, with what it imports. Every page loads all of it once it is idle (src/app/lazily.ts): a file
 * for each module would be 75 requests, most for less than a kilobyte. The first match counts. What none matches, as the editor,
 * has a file of its own.
 */
const FILES = [
  { name: "index", tags: ["$initial" as const] },
  { name: "note", test: /src\/notes\/reader\/note-pane/ },
  { name: "parts", test: /src\/(account|notes\/list|pads|palette|ui)\/.*\.tsx$/ },
];

export default defineConfig((): UserConfig => {
  const api = process.env[ENV.viteApiOrigin];
  const outbox = process.env[ENV.viteOutboxOrigin];
  return {
    root: import.meta.dirname,
    plugins: [solid({ solid: { moduleName: SOLID } }), withoutParsing(), withoutCookies()],
    // What is bundled before it is served passes no plugin.
    optimizeDeps: { exclude: ["turndown"] },
    resolve: { alias: { [SOLID]: join(import.meta.dirname, "src/app/templates.ts") } },
    build: {
      outDir: "dist",
      emptyOutDir: true,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      // Browsers without it (Safari before 17) load each module when it is imported.
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: FILES } } },
    },
    worker: { format: "es" },
    server: {
      host: "127.0.0.1",
      strictPort: true,
      // Only this machine's names and addresses: a web page can make its own name point here (DNS rebinding).
      allowedHosts: [],
      // Pages of other ports may not read answers, as on AWS.
      cors: false,
      headers: HEADERS,
      proxy: {
        ...(api && { "^/api/": distribution(api) }),
        // Only `npm run dev` has an outbox.
        ...(outbox && { "^/_(outbox|jobs/[^/?]*)(\\?|$)": { target: outbox, changeOrigin: true } }),
      },
    },
  };
});
