// Stands in for SST's command line where a test needs its calls of CloudFormation and nothing else: `--import` it. SST itself would
// compose the stacks and bundle the functions each time, which takes seconds.
if (/[\\/]sst[\\/]cli[\\/]sst\.js$/.test(process.argv[1] ?? "")) {
  const [, , command, , stage] = process.argv;
  const stacks = ["data", "app"].map((id) => `${stage}-notejam-${id}`);
  for (const name of command === "remove" ? stacks.reverse() : stacks) {
    const there = (await ask("DescribeStacks", name)).ok;
    const change = there ? "UpdateStack" : "CreateStack";
    if (command === "remove" && !there) continue;
    const { ok } = await ask(command === "remove" ? "DeleteStack" : change, name);
    if (!ok) process.exit(1);
  }
  process.exit(0);
}

function ask(Action, StackName) {
  const body = new URLSearchParams({ Action, StackName });
  return fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", body });
}
