import { VisibleError } from "sst/error.js";
import { afterAll, expect, test } from "vitest";
import { ScratchRepository } from "../testing/scratch-repository.ts";
import { refuseEarlyContractions } from "./contractions.ts";
import { repositoryAt } from "./repository.ts";

const repository = new ScratchRepository();
const usesIt = repository.commit("Uses it", ["1_first", "create table note (colour text);"]);
const doesWithout = repository.commit("Does without", ["2_second", "alter table note add color text;"]);
const contraction = `-- contraction: note.colour; not needed since ${doesWithout}\nalter table note drop column colour;`;
const takesItAway = repository.commit("Takes it away", ["3_third", contraction]);
const later = repository.commit("Later");
repository.git("checkout", "--quiet", "-b", "other", doesWithout);
const untold = repository.commit("Untold", ["4_untold", "-- contraction: everything\ndrop table note;"]);
afterAll(() => repository.remove());

const git = await repositoryAt(repository.root);
const deployed = (next: string, over: string) => refuseEarlyContractions(git, "production", over, next);

test("what takes something away is deployed over a release that does without", async () => {
  await deployed(takesItAway, doesWithout);
  await deployed(later, doesWithout);
  await deployed(later, takesItAway);
  await deployed(doesWithout, usesIt);
});

test.each([
  ["the next release", takesItAway],
  ["a later one", later],
])("over a release that still needs it, %s is refused: it says what to deploy first", async (_, next) => {
  await expect(deployed(next, usesIt)).rejects.toThrow(VisibleError);
  await expect(deployed(next, usesIt)).rejects.toThrow(
    `production runs ${usesIt}, which still needs what the migration 3_third takes away (note.colour). Deploy ${doesWithout} there first.`,
  );
});

test("a migration that does not say since when is refused over everything", async () => {
  await expect(deployed(untold, doesWithout)).rejects.toThrow(
    /4_untold takes away \(everything\)\. Its first line/,
  );
});

test("a running commit that git lacks is refused only where something is taken away", async () => {
  const lost = "0123456789abcdef0123456789abcdef01234567";

  await expect(deployed(later, lost)).rejects.toThrow(/Run git fetch; if no branch/);
  await deployed(doesWithout, lost);
});
