// How the web app is built, and served while it is worked on. The page names its files by their hash, so that old
// tabs keep working across a deployment; nothing is inlined, since the content security policy would refuse it.
import { ENV } from "@notejam/core/config";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { defineConfig, type ProxyOptions, type UserConfig } from "vite";
import solid from "vite-plugin-solid";

/**
 * Stands where CloudFront stands: sends /api on to `origin` with the headers that only a distribution may add.
 * Under `sst dev` the origin is API Gateway's address, which anyone can call; hence the secret.
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

export default defineConfig((): UserConfig => {
  const origin = process.env.NOTEJAM_API_ORIGIN;
  return {
    root: import.meta.dirname,
    plugins: [solid()],
    build: { outDir: "dist", emptyOutDir: true, assetsInlineLimit: 0, reportCompressedSize: false },
    worker: { format: "es" },
    server: {
      host: "127.0.0.1",
      strictPort: true,
      ...(origin ? { proxy: { "/api": distribution(origin) } } : {}),
    },
  };
});
