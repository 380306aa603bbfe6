// Notes and their lists in the browser.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import {
  eventually,
  focused,
  it,
  itInNewContext,
  noteNames,
  shortenPages,
  textField,
  textWritten,
  type User,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

describe("Notes", () => {
  it("note can be successfully created", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await page.goto("/");
    await page.getByRole("link", { name: "Write the first note" }).click();
    await textField(page).pressSequentially("Take **sandwiches**.");
    await page.getByLabel("Name").fill("Legoland trip");
    await page.getByLabel("Pad", { exact: true }).selectOption("Trips");
    await waitForState(page, "Saved");
    await eventually(() => noteNames(page), ["Legoland trip"]);
    await page.getByRole("button", { name: "Done" }).click();

    await waitForPage(page, "Legoland trip");
    await page.locator("strong", { hasText: "sandwiches" }).waitFor();
    await page.getByText(/^Changed today at \d\d:\d\d/).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(await user.readNote(id)).toMatchObject({
      name: "Legoland trip",
      named: true,
      text: "Take **sandwiches**.",
      padId: pad.id,
    });

    // The way back skips the editor.
    await page.goBack();
    await waitForList(page, "All notes", 1);
    expect(new URL(page.url()).pathname).toBe("/");
  });

  it("exists from its first character, and is named after its first line until it is given a name", async ({
    user,
  }) => {
    const { page } = user;
    await page.goto("/notes/create");
    await textField(page).pressSequentially("S");
    await waitForState(page, "Saved");
    const id = new URL(page.url()).pathname.split("/")[2] ?? "";
    expect(await user.readNote(id)).toMatchObject({ name: "S", named: false, text: "S" });

    await textField(page).pressSequentially("hopping **list**\nMilk");
    await eventually(async () => (await user.readNote(id)).name, "Shopping list");
    await waitForState(page, "Saved");
    await page.reload();
    await textField(page).press("Control+Home");
    await textField(page).pressSequentially("# Today’s ");
    await eventually(() => noteNames(page), ["Today’s Shopping list"]);

    await page.getByLabel("Name").fill("Errands");
    await textField(page).pressSequentially("!");
    await waitForState(page, "Saved");
    expect(await user.readNote(id)).toMatchObject({ name: "Errands", named: true });

    // An empty note was never there.
    await page.goto("/notes/create");
    await textField(page).waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await waitForList(page, "All notes", 1);
  });

  it("is counted and listed that was written while both were read", async ({ user }) => {
    const { page } = user;
    const { promise: written, resolve: answer } = Promise.withResolvers<void>();
    for (const read of ["**/api/places", "**/api/notes?*"]) {
      await page.route(
        read,
        async (route) => {
          const response = await route.fetch();
          await written;
          await route.fulfill({ response });
        },
        { times: 1 },
      );
    }
    await page.goto("/notes/create");
    await textField(page).pressSequentially("Rye #bread");
    await waitForState(page, "Saved");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "Rye #bread");
    // Its text is its title, and is not shown again.
    await page.locator('.prose[aria-busy="false"]').waitFor({ state: "attached" });
    answer();
    await waitForList(page, "All notes", 1);
    await eventually(() => noteNames(page), ["Rye #bread"]);
    await eventually(() => tags(page), ["#bread"]);
    await eventually(() => count(page, "All notes"), "1");
  });

  it("can be edited by its owner, and keeps what was not touched", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Before", text: "One\r\ntwo\r\n" });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("After");
    await textField(page).press("Control+End");
    await textField(page).pressSequentially("three");
    await page.getByRole("button", { name: "Done" }).click();

    await waitForPage(page, "After");
    await eventually(() => noteNames(page), ["After"]);
    expect(await user.readNote(note.id)).toMatchObject({ name: "After", text: "One\r\ntwo\r\nthree" });
  });

  it("can be cleared by its owner", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "A name", text: "Some text" });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).fill("");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "A name");
    expect((await user.readNote(note.id)).text).toBe("");
  });

  it("has its formats by keys and by the toolbar, and they can be undone", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ text: "milk" });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).press("Control+a");
    await textField(page).press("Control+b");
    expect(await textWritten(page)).toBe("**milk**");
    await textField(page).press("Control+b");
    await page.getByRole("toolbar").getByRole("button", { name: "Task" }).click();
    expect(await textWritten(page)).toBe("- [ ] milk");
    await textField(page).press("End");
    await textField(page).press("Enter");
    await textField(page).pressSequentially("bread");
    expect(await textWritten(page)).toBe("- [ ] milk\n- [ ] bread");
    await textField(page).press("Enter");
    await textField(page).press("Enter");
    expect(await textWritten(page)).toMatch(/bread\n+$/);
    for (let undone = 0; undone < 20; undone++) await textField(page).press("Control+z");
    expect(await textWritten(page)).toBe("milk");
    await waitForState(page, "Saved");

    await page.getByRole("button", { name: "Beside" }).click();
    await page.getByRole("region", { name: "Preview" }).getByText("milk").waitFor();
    await page.getByRole("button", { name: "Read" }).click();
    expect(await textField(page).isVisible()).toBe(false);
  });

  it("can be deleted by its owner, and comes back", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const pad = await user.createPad("Trips");
    const note = await user.createNote({ name: "Not needed", padId: pad.id });
    await page.goto(`/notes/${note.id}?pad=${pad.id}`);
    await page.getByRole("region", { name: "Note" }).getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();

    await waitForList(page, "Trips", 0);
    await page.getByText("Deleted “Not needed”.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await waitForPage(page, "Not needed");
    await waitForList(page, "Trips", 1);
    expect(await user.readNote(note.id)).toMatchObject({ padId: pad.id });

    await user.deleteNote(note.id);
    await page.goto(`/notes/${note.id}`);
    await waitForPage(page, "This note is not here");
  });

  it("one that doesn't exist is not here, beside the list", async ({ user }) => {
    user.allowStatus(404);
    await user.createNote({ name: "Another" });
    for (const path of ["/notes/2b3f6d6e-0000-4000-8000-000000000000", "/notes/1"]) {
      await user.page.goto(path);
      await waitForPage(user.page, "This note is not here");
      await eventually(() => noteNames(user.page), ["Another"]);
    }
    await user.page.goto("/no/such/page");
    await waitForPage(user.page, "Not found");
    const places = user.page.getByRole("navigation", { name: "Places" });
    await places.getByRole("button", { name: "Find Ctrl K" }).click();
    await user.page.keyboard.type(">settings");
    await user.page.keyboard.press("Enter");
    await waitForPage(user.page, "Settings");
    await user.page.goBack();
    await waitForPage(user.page, "Not found");
    await places.getByRole("link", { name: "All notes" }).click();
    await eventually(() => noteNames(user.page), ["Another"]);
  });

  it("is shown as safe Markdown, without requests to other sites", async ({ user }) => {
    const { page } = user;
    const text = [
      "# Heading\n\n![cat](https://elsewhere.example/cat.png) [relative](/signout) [out](https://elsewhere.example/)",
      '<img src="https://elsewhere.example/pixel.gif" onerror="alert(1)"><script>alert(1)</script>',
      '<style>body{display:none}</style><p style="position:fixed">styled</p><iframe src="https://elsewhere.example/"></iframe>',
    ].join("\n\n");
    const note = await user.createNote({ name: "Hostile", text });
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("heading", { level: 2, name: "Heading" }).waitFor();
    await page.getByText("styled").waitFor();

    const links = await page
      .locator(".prose a")
      .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute("rel")]));
    expect(links).toEqual([
      ["cat", "noopener nofollow"],
      ["out", "noopener nofollow"],
      ["Image", "noopener nofollow"],
    ]);
    expect(await page.locator(".prose img, .prose script, .prose style, .prose iframe").count()).toBe(0);
    expect(dialogs).toBe(0);
    expect(user.foreignRequests).toEqual([]);
  });

  it.for([
    ["at its beginning", ""],
    ["in a later piece of a long one", `# Heading\n\n${"Many words. ".repeat(5000)}\n\n`],
  ] as const)("with HTML that takes words away, %s, is shown as plain text", async ([, before], { user }) => {
    const { page } = user;
    const text = `${before}<frameset onload="alert(1)">\n\nImportant words\n\n<img src="https://elsewhere.example/x.png" onerror="alert(1)"><script>alert(1)</script>`;
    const note = await user.createNote({ name: "With frames", text });
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await page.goto(`/notes/${note.id}`);
    await page.getByText("This note can't be shown as Markdown").waitFor();
    expect(await page.locator("pre.plain").textContent()).toBe(text);
    expect(await page.locator("pre.plain *").count()).toBe(0);
    expect(await page.locator(".prose *").count()).toBe(0);
    expect(await page.locator('.prose[aria-busy="false"]').count()).toBe(1);
    expect(dialogs).toBe(0);
    expect(user.foreignRequests).toEqual([]);
  });

  it("of the largest size can be read and edited, and keeps every character", async ({ user }) => {
    const { page } = user;
    const text = "Ä line of *some* length, with “quotes”.\n\n".repeat(12_000).slice(0, 440 * 1024);
    const note = await user.createNote({ name: "Large", text });
    await page.goto(`/notes/${note.id}`);
    await page.locator('.prose[aria-busy="false"] p').last().waitFor();
    expect(await page.locator(".prose p").count()).toBeGreaterThan(10_000);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("Large still");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "Large still");
    expect((await user.readNote(note.id)).text === text).toBe(true);
  });
});

describe("What was done", () => {
  it("is said on one line with its Undo, and a long name is cut after two", async ({ user }) => {
    const { page } = user;
    const long =
      "Protocol of the meeting of the owners about the roof, the lift and the bicycle room, second part";
    await user.createNotes(1, { text: "." });
    for (const [name, lines] of [
      ["Tea", 1],
      [long, 2],
    ] as const) {
      const { id } = await user.createNote({ name });
      for (const width of [1440, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`/notes/${id}`);
        await waitForPage(page, name);
        await page.locator("[data-key=pin]").waitFor({ state: "attached" });
        await page.keyboard.press("#");
        const said = page.locator(".dock p", { hasText: `Deleted “${name}”` });
        await said.waitFor();
        const undo = page.locator(".dock").getByRole("button", { name: "Undo" });
        const [words, button] = await Promise.all([said.boundingBox(), undo.boundingBox()]);
        if (!words || !button) throw new Error("The dock has no message or no button.");
        expect(button.x, `${width}`).toBeGreaterThanOrEqual(words.x + words.width);
        const LINE_PX = 22;
        expect(words.height, `${width}`).toBeLessThanOrEqual(lines * LINE_PX);
        await undo.click();
        await page.locator(".dock").waitFor({ state: "detached" });
      }
    }
  });
});

describe("Tasks", () => {
  it("are ticked while reading, and saved", async ({ user }) => {
    const { page } = user;
    const text = `${"Words.\n\n".repeat(60)}- [ ] milk\n- [x] bread\n\n\`- [ ] code\``;
    const note = await user.createNote({ name: "Shopping", text });
    await page.goto(`/notes/${note.id}`);
    const milk = page.getByRole("checkbox", { name: "milk" });
    await milk.scrollIntoViewIfNeeded();
    const place = () => page.locator(".reader .scroll").evaluate((pane) => pane.scrollTop);
    const before = await place();
    expect(before).toBeGreaterThan(0);
    await milk.check();
    await page.getByRole("checkbox", { name: "bread" }).uncheck();
    await eventually(
      async () => (await user.readNote(note.id)).text.slice(-40),
      text.replace("[ ] milk", "[x] milk").replace("[x] bread", "[ ] bread").slice(-40),
    );
    expect(await place()).toBe(before);
    await page.reload();
    await milk.waitFor();
    expect(await milk.isChecked()).toBe(true);
  });

  it("hang behind their boxes, line by line", async ({ user }) => {
    const { page } = user;
    const words = "and more ".repeat(40);
    const note = await user.createNote({ text: `- [ ] milk ${words}\n\n1. [ ] bread ${words}\n\n   loose` });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("checkbox", { name: "bread" }).waitFor();
    const edges = await page.locator(".prose input.task").evaluateAll((boxes) =>
      boxes.map((box) => {
        const words = document.createRange();
        words.selectNode(box.nextSibling as Node);
        return [...words.getClientRects()].map(({ left }) => Math.round(left));
      }),
    );
    for (const lines of edges) {
      expect(lines.length).toBeGreaterThan(2);
      expect(new Set(lines).size).toBe(1);
    }
  });

  it("without words have a box too, and are ticked in any text, and are shown so after another note", async ({
    user,
  }) => {
    const { page } = user;
    const hard = "[a](".repeat(32_768);
    const rest = `\n\n<input type=checkbox>\n\n${hard}`;
    const note = await user.createNote({ name: "Shopping", text: `- [ ] milk\n- [ ] ${rest}` });
    await user.createNote({ name: "Other" });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("checkbox", { name: "milk" }).check();
    await page.getByRole("listitem").getByRole("checkbox", { name: "Task" }).check();
    await eventually(async () => (await user.readNote(note.id)).text === `- [x] milk\n- [x] ${rest}`, true);
    await page.locator(".note", { hasText: "Other" }).click();
    await page.locator(".prose", { hasText: "Some text" }).waitFor();
    await page.locator(".note", { hasText: "Shopping" }).click();
    await page.getByRole("checkbox", { name: "milk" }).waitFor();
    expect(await page.locator("input.task:checked").count()).toBe(2);
    expect(await page.getByRole("img", { name: "To do" }).count()).toBe(1);
  });

  it("stay ticked when the answer of an earlier read comes later", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Shopping", text: "- [ ] milk" });
    await user.createNote({ name: "Other" });
    await page.goto(`/notes/${note.id}`);
    const milk = page.getByRole("checkbox", { name: "milk" });
    await milk.waitFor();
    await page.locator(".note", { hasText: "Other" }).click();
    await waitForPage(page, "Other");
    // It says that the answer has come.
    await user.createNote({ name: "Source", text: `[It](/notes/${note.id})` });
    const { promise: ticked, resolve: answer } = Promise.withResolvers<void>();
    await page.route(
      `**/api/notes/${note.id}`,
      async (route) => {
        const response = await route.fetch();
        await ticked;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await page.locator(".note", { hasText: "Shopping" }).click();
    await milk.check();
    await eventually(async () => (await user.readNote(note.id)).text, "- [x] milk");
    answer();
    await page.locator(".back").getByRole("link", { name: "Source" }).waitFor();
    expect(await milk.isChecked()).toBe(true);
  });

  it("of a note that was changed elsewhere show it as it is now", async ({ user }) => {
    const { page } = user;
    user.allowStatus(412);
    const note = await user.createNote({ text: "- [ ] milk" });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("checkbox", { name: "milk" }).waitFor();
    await user.saveNote(note, { text: "- [ ] milk\n- [ ] bread" });
    await page.getByRole("checkbox", { name: "milk" }).click();
    await page.getByText("This note was changed elsewhere.").waitFor();
    await page.getByRole("checkbox", { name: "bread" }).waitFor();
    expect(await page.getByRole("checkbox", { name: "milk" }).isChecked()).toBe(false);
  });
});

describe("Places", () => {
  it("notes are found by tag, pinned first, and archived out of sight; each can be taken back", async ({
    user,
  }) => {
    const { page } = user;
    await user.createNote({ name: "Old bread", text: "#bread with rye" });
    const cake = await user.createNote({ name: "Cake", text: "`#code` and #Sweet/cake" });
    await user.createNote({ name: "Plain" });
    await page.goto("/");
    await eventually(() => noteNames(page), ["Plain", "Cake", "Old bread"]);
    await eventually(() => tags(page), ["#bread", "#sweet"]);

    await page.getByRole("link", { name: "Old bread" }).click();
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    await eventually(() => noteNames(page), ["Old bread", "Plain", "Cake"]);
    await page.getByRole("heading", { level: 2, name: "Pinned" }).waitFor();
    await eventually(() => count(page, "Pinned"), "1");

    await page.locator(".note", { hasText: "Cake" }).click();
    await chooseForNote(page, "Archive");
    await eventually(() => noteNames(page), ["Old bread", "Plain"]);
    await eventually(() => tags(page), ["#bread"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(() => noteNames(page), ["Old bread", "Plain", "Cake"]);
    await chooseForNote(page, "Archive");
    await place(page, "Archive").click();
    await waitForList(page, "Archive", 1);
    await eventually(() => noteNames(page), ["Cake"]);
    // Marks make no version.
    expect(await user.readNote(cake.id)).toMatchObject({ version: 1, archivedAt: expect.any(String) });

    await page.goto("/");
    await place(page, "#bread").click();
    await waitForList(page, "#bread", 1);
    await eventually(() => noteNames(page), ["Old bread"]);
    await page.reload();
    await waitForList(page, "#bread", 1);
  });

  it("tags fold at their slash, and a tag's list has the notes of those under it", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Minutes", text: "#work/meeting #work/project/sql" });
    await user.createNote({ name: "Office", text: "#work" });
    await user.createNote({ name: "Rye", text: "#bread" });
    await page.goto("/");
    await eventually(() => tags(page), ["#work", "#bread"]);

    await page.getByRole("button", { name: "Tags in work", exact: true }).click();
    await eventually(() => tags(page), ["#work", "meeting", "project", "#bread"]);
    await page.getByRole("button", { name: "Tags in work/project" }).press("ArrowRight");
    await eventually(() => tags(page), ["#work", "meeting", "project", "sql", "#bread"]);
    // What is open is open the next time.
    await page.reload();
    await eventually(() => tags(page), ["#work", "meeting", "project", "sql", "#bread"]);
    await page.locator(".tags").getByRole("link", { name: "sql" }).press("ArrowLeft");
    await eventually(() => focused(page), "project");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => tags(page), ["#work", "meeting", "project", "#bread"]);

    await place(page, "#work").click();
    await waitForList(page, "#work", 2);
    await eventually(() => noteNames(page), ["Office", "Minutes"]);
    await page.getByRole("button", { name: "Tags in work", exact: true }).click();
    await eventually(() => tags(page), ["#work", "#bread"]);
    // A tag that is here opens what it is under.
    await page.goto("/tags/work%2Fproject%2Fsql");
    await waitForList(page, "#work/project/sql", 1);
    await eventually(() => tags(page), ["#work", "meeting", "project", "sql", "#bread"]);
  });

  it("a note shows which notes link to it", async ({ user }) => {
    const { page } = user;
    const target = await user.createNote({ name: "Target" });
    await user.createNote({ name: "Source", text: `See [it](/notes/${target.id}).` });
    await page.goto(`/notes/${target.id}`);
    await page.getByText("Linked from").getByRole("link", { name: "Source" }).click();
    await waitForPage(page, "Source");
    await page.locator(".prose").getByRole("link", { name: "it" }).click();
    await waitForPage(page, "Target");
  });
});

function tags(page: Page): Promise<string[]> {
  return page.locator(".tags a").allInnerTexts();
}

function place(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: new RegExp(`^${name}`) });
}

function count(page: Page, name: string): Promise<string> {
  return place(page, name).locator(".number").innerText();
}

async function chooseForNote(page: Page, name: string): Promise<void> {
  await page.getByRole("region", { name: "Note" }).getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

describe("Lists", () => {
  it("list sorts four ways", async ({ user }) => {
    const { page } = user;
    for (const name of ["Banana", "apple", "Cherry"]) await user.createNote({ name });
    await page.goto("/");
    const sorts = [
      ["Name, A to Z", "name", ["apple", "Banana", "Cherry"]],
      ["Name, Z to A", "-name", ["Cherry", "Banana", "apple"]],
      ["First changed first", "updated_at", ["Banana", "apple", "Cherry"]],
      ["Last changed first", null, ["Cherry", "apple", "Banana"]],
    ] as const;
    await eventually(() => noteNames(page), [...sorts[3][2]]);
    for (const [label, order, names] of sorts) {
      await page.getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitemradio", { name: label }).click();
      await eventually(() => noteNames(page), [...names]);
      expect(new URL(page.url()).searchParams.get("order")).toBe(order);
      await page.getByRole("button", { name: "More" }).click();
      const chosen = page.getByRole("menuitemradio", { checked: true });
      expect(await chosen.allInnerTexts()).toEqual([label]);
      await page.keyboard.press("Escape");
    }
    await page.goBack();
    await eventually(() => noteNames(page), [...sorts[2][2]]);
    await page.goto("/?order=size");
    await eventually(() => noteNames(page), [...sorts[3][2]]);
  });

  it("list pages through everything once, with the total from the start, and few rows at a time", async ({
    user,
  }) => {
    const { page } = user;
    const COUNT = 60;
    await manyNotes(user, COUNT);
    await shortenPages(page, "/api/notes");
    await page.goto("/?order=name");
    await waitForList(page, "All notes", COUNT);
    const seen = new Set<string>();
    const scroll = page.locator(".list .scroll");
    await eventually(async () => {
      const names = await noteNames(page);
      for (const name of names) seen.add(name);
      expect(names.length).toBeLessThanOrEqual(40);
      await scroll.evaluate((element) => element.scrollBy(0, element.clientHeight / 2));
      return seen.size;
    }, COUNT);

    // The way back leads to the same place in the list, which is not read again.
    const lists: string[] = [];
    page.on("request", (request) => {
      if (/\/api\/notes\?/.test(request.url())) lists.push(request.url());
    });
    const last = page.getByRole("link", { name: "Note 060" });
    await last.scrollIntoViewIfNeeded();
    const position = () => scroll.evaluate((element) => element.scrollTop);
    const before = await position();
    await last.click();
    await waitForPage(page, "Note 060");
    expect(await position()).toBe(before);
    await page.getByRole("link", { name: "Settings" }).click();
    await waitForPage(page, "Settings");
    await page.goBack();
    await waitForPage(page, "Note 060");
    await eventually(position, before);
    await page.goBack();
    await eventually(position, before);
    expect(lists).toEqual([]);

    // So does a reload, but no link.
    await page.reload();
    await eventually(position, before);
    await page.goto("/?order=name");
    await waitForList(page, "All notes", COUNT);
    expect(await position()).toBe(0);
  });

  it("a note beside the list of a pad is at an address that shows both", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "In it", padId: pad.id });
    await user.createNote({ name: "In none" });
    await page.goto(`/pads/${pad.id}?order=name`);
    await page.getByRole("link", { name: "In it" }).click();
    await waitForPage(page, "In it");
    await waitForPage(page, "Trips");

    const other = await user.newTab();
    await other.goto(page.url());
    await waitForPage(other, "In it");
    await waitForList(other, "Trips", 1);
    expect(await other.locator(".note[aria-current] b").innerText()).toBe("In it");
  });

  itInNewContext(
    "is there with at most 45 KB of scripts and 10 KB of styles, and no code of other pages",
    async ({ user }) => {
      const { page } = user;
      await user.createNote({ name: "Note" });
      await page.addInitScript(() => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector(".notes .note")) return;
          observer.disconnect();
          (window as unknown as { shown: number }).shown = performance.now();
        });
        observer.observe(document, { childList: true, subtree: true });
      });
      await page.goto("/");
      await waitForList(page, "All notes", 1);
      const loaded = await page.evaluate(() => {
        const { shown } = window as unknown as { shown: number };
        const all = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
        const before = all.filter(({ startTime }) => startTime < shown);
        const sizeOf = (ending: string) =>
          before
            .filter(({ name }) => new URL(name).pathname.endsWith(ending))
            .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
        return { scripts: sizeOf(".js"), styles: sizeOf(".css") };
      });
      expect(loaded.scripts).toBeGreaterThan(20_000);
      expect(loaded.scripts).toBeLessThanOrEqual(45_000);
      expect(loaded.styles).toBeLessThanOrEqual(10_000);
    },
  );

  it("moving through a list asks the service nothing, and opening note after note only for the last", async ({
    user,
  }) => {
    const { page, context } = user;
    user.allowNetworkErrors();
    await user.createNotes(12);
    await page.goto("/");
    await waitForList(page, "All notes", 12);
    // A note's page asks for its note when its code has come.
    await page.locator(".note", { hasText: "Note 9" }).click();
    await shown(page, "Note 9");
    const asked: string[] = [];
    const givenUp: string[] = [];
    page.on("request", (request) => request.url().includes("/api/") && asked.push(request.url()));
    page.on("requestfailed", (request) => givenUp.push(request.url()));
    for (let i = 0; i < 12; i++) await page.keyboard.press("j");
    for (let i = 0; i < 5; i++) await page.keyboard.press("k");
    expect(asked).toEqual([]);

    // Each is opened before the one before has arrived.
    const { promise: opened, resolve: answer } = Promise.withResolvers<void>();
    await context.route("**/api/notes/*", async (route) => {
      await opened;
      await route.continue().catch(() => {});
    });
    for (const number of [2, 3, 4, 5]) await page.getByRole("link", { name: `Note ${number}` }).click();
    answer();
    await shown(page, "Note 5");
    expect(asked).toHaveLength(4);
    expect(givenUp).toEqual(asked.slice(0, 3));
  });

  it("a search narrows the list, and is one step in the history", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Shopping", text: "milk, 100% cocoa" });
    await user.createNote({ name: "Plans", text: "none" });
    await page.goto("/settings");
    await waitForPage(page, "Settings");
    await page.getByRole("link", { name: "Notejam, all notes" }).click();
    await waitForList(page, "All notes", 2);
    await page.getByRole("searchbox", { name: "Search notes" }).pressSequentially("100% COCOA");
    await eventually(() => noteNames(page), ["Shopping"]);
    await eventually(async () => new URL(page.url()).searchParams.get("q"), "100% COCOA");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitemradio", { name: "Name, A to Z" }).click();
    await eventually(async () => new URL(page.url()).search, "?order=name&q=100%25+COCOA");

    await page.reload();
    expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No notes match “nothing like it”").waitFor();
    await page.goBack();
    await waitForList(page, "All notes", 1);
    expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
    await page.goBack();
    await waitForPage(page, "Settings");
  });

  it("who pauses while typing a search goes on in its field, beside an open note too", async ({ user }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1280, height: 800 });
    await user.createNote({ name: "Shopping", text: "milk, cocoa" });
    await user.createNote({ name: "Plans", text: "milk" });
    await page.goto("/settings");
    await waitForPage(page, "Settings");
    await page.getByRole("link", { name: "Notejam, all notes" }).click();
    await waitForList(page, "All notes", 2);
    const search = page.getByRole("searchbox", { name: "Search notes" });
    const write = async (first: string, more: string) => {
      await search.fill("");
      await waitForList(page, "All notes", 2);
      await page.keyboard.type(first);
      await eventually(async () => new URL(page.url()).searchParams.get("q"), first);
      await page.locator(".list .count", { hasText: "1 found" }).waitFor();
      await page.keyboard.type(more);
      await eventually(async () => new URL(page.url()).searchParams.get("q"), first + more);
    };
    await write("co", "coa");
    await page.locator(".notes .note").click();
    await waitForPage(page, "Shopping");
    await write("pl", "ans");
  });
});

/** Waits until the note is read. */
async function shown(page: Page, name: string): Promise<void> {
  await waitForPage(page, name);
  await page.locator('.prose[aria-busy="false"]').waitFor();
}

async function manyNotes(user: User, count: number): Promise<void> {
  const CONCURRENCY = 10;
  for (let first = 1; first <= count; first += CONCURRENCY) {
    const numbers = Array.from(
      { length: Math.min(CONCURRENCY, count - first + 1) },
      (_, index) => first + index,
    );
    await Promise.all(
      numbers.map((number) => user.createNote({ name: `Note ${String(number).padStart(3, "0")}` })),
    );
  }
}
