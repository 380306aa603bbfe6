// The extensions that the embedded database has for CREATE EXTENSION: what PGlite's package brings, less what
// no cluster of Aurora is known to have [partly doc; compare with a cluster's pg_available_extensions]. They are files of the server and cost nothing until a database uses them, so that all are
// there always. PGlite's own way compiles each one at every start, which takes a fifth of a second [seen].
import { gunzipSync } from "node:zlib";
import type { Extension, PGlite } from "@electric-sql/pglite";
import { readPGliteFile } from "./pglite-files.ts";

/** By the names that CREATE EXTENSION takes; `spi` is autoinc, insert_username, moddatetime and refint. */
const BUNDLES = [
  "amcheck",
  "bloom",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "dict_int",
  "dict_xsyn",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "lo",
  "ltree",
  "pg_buffercache",
  "pg_freespacemap",
  "pg_stat_statements",
  "pg_trgm",
  "pg_visibility",
  "pgcrypto",
  "seg",
  "spi",
  "tablefunc",
  "tcn",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "uuid-ossp",
];

export interface ExtensionFile {
  /** Below PostgreSQL's own directory. */
  path: string;
  /** Shared with each database's thread. */
  bytes: Uint8Array<SharedArrayBuffer>;
}

let files: Promise<ExtensionFile[]> | undefined;

/** Read once a process. */
export function extensionFiles(): Promise<ExtensionFile[]> {
  files ??= Promise.all(BUNDLES.map(readBundle)).then((bundles) => bundles.flat());
  return files;
}

/** For PGlite: puts the files there before its server starts. */
export function withFiles(files: readonly ExtensionFile[]): Extension {
  const write = ({ FS, WASM_PREFIX }: PGlite["Module"]) => {
    for (const { path, bytes } of files) {
      const target = `${WASM_PREFIX}/${path}`;
      FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
      FS.writeFile(target, bytes);
    }
  };
  return {
    name: "extensions",
    setup: async (_, options) => ({
      emscriptenOpts: { ...options, preRun: [...options.preRun, write] },
    }),
  };
}

async function readBundle(name: string): Promise<ExtensionFile[]> {
  const zipped = await readPGliteFile(`${name}.tar.gz`);
  // A gzip file ends in the size of what it holds: one piece of that size is a third faster than many [seen].
  const tar = gunzipSync(zipped, { chunkSize: zipped.readUInt32LE(zipped.length - 4) });
  return untar(tar).filter(({ path }) => /^(?:lib|share)\/postgresql\//.test(path));
}

/** A tar's blocks have 512 bytes: a file's header, then its content. The bundles hold files alone, with short names. */
function untar(tar: Buffer): ExtensionFile[] {
  const shared = new Uint8Array(new SharedArrayBuffer(tar.length));
  shared.set(tar);
  const found: ExtensionFile[] = [];
  for (let header = 0; tar[header]; ) {
    const path = tar.toString("latin1", header, tar.indexOf(0, header));
    const size = Number.parseInt(tar.toString("latin1", header + 124, header + 136), 8);
    const content = header + 512;
    found.push({ path, bytes: shared.subarray(content, content + size) });
    header = content + Math.ceil(size / 512) * 512;
  }
  return found;
}
