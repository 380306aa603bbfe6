// The entry of every npm script: refuses a Node.js that is too old, in syntax that an old one can parse, and starts
// bootstrap/main.mjs.
const oldest = 20;

if (Number(process.versions.node.split(".")[0]) < oldest) {
  console.error(
    "Notejam needs Node.js " +
      oldest +
      " or later to start, and this is " +
      process.version +
      ": https://nodejs.org",
  );
  process.exitCode = 1;
} else {
  import("./bootstrap/main.mjs");
}
