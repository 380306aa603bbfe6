// Where every npm script begins: refuses a Node.js that is too old in words, in syntax that such a one still parses, and
// leaves the rest to bootstrap/main.mjs.
const oldest = 20;

if (Number(process.versions.node.split(".")[0]) < oldest) {
  console.error(
    "Notejam starts with Node.js " +
      oldest +
      " or later, and this is " +
      process.version +
      ": https://nodejs.org",
  );
  process.exitCode = 1;
} else {
  import("./bootstrap/main.mjs");
}
