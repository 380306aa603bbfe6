// Reading a note: its code.
import { describe, expect } from "vitest";
import { it } from "./fixtures.ts";

describe("Code", () => {
  it("is highlighted in the language of its fence, without a word changed", async ({ user }) => {
    const { page } = user;
    const code = 'const a = "<b>&amp;</b>"; // it\nif (a) throw a;';
    const python = "def f(x):\n    return x  # all";
    const long = `let a = 1;\n${"a += 1;\n".repeat(5000)}`;
    const blocks = [
      ["js", code],
      ["Python", python],
      ["nosuch", code],
      ["constructor", code],
      ["js", long],
      ["", code],
    ];
    const text = blocks.map(([language, code]) => `\`\`\`${language}\n${code}\n\`\`\``).join("\n\n");
    const note = await user.createNote({ name: "With code", text });
    const languages: string[] = [];
    page.on("request", (request) => {
      const [, name] = /assets\/(javascript|python|rust|sql)-/.exec(request.url()) ?? [];
      if (name) languages.push(name);
    });
    await page.goto(`/notes/${note.id}`);
    const pre = page.locator(".prose pre");
    await pre.nth(1).locator(".hljs-keyword").first().waitFor();
    expect(await pre.locator(".hljs-keyword").allTextContents()).toEqual([
      "const",
      "if",
      "throw",
      "def",
      "return",
    ]);
    expect(await pre.locator(".hljs-comment").allTextContents()).toEqual(["// it", "# all"]);
    expect(await pre.allTextContents()).toEqual(blocks.map(([, code]) => `${code}\n`));
    expect(languages.sort()).toEqual(["javascript", "python"]);
    // No colour beside the page's own.
    const colours = await pre
      .locator("span")
      .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).color))]);
    const own = await page.evaluate(() =>
      ["ink", "muted", "strong"].map((name) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(--${name})`;
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }),
    );
    expect(own).toEqual(expect.arrayContaining(colours));
  });
});

describe("Code that takes minutes to highlight", () => {
  it("stays plain, and the page can be used", async ({ user }) => {
    const { page } = user;
    const hostile = "a-".repeat(16_000);
    const note = await user.createNote({
      name: "Hostile",
      text: `\`\`\`js\nlet a;\n\`\`\`\n\n\`\`\`cpp\n${hostile}\n\`\`\`\n\n- [ ] task`,
    });
    await page.goto(`/notes/${note.id}`);
    const pre = page.locator(".prose pre");
    await pre.nth(0).locator(".hljs-keyword").waitFor();
    await page.getByRole("checkbox", { name: "task" }).check();
    await eventually(async () => (await user.readNote(note.id)).text.includes("[x]"), true);
    expect(await pre.nth(1).locator("span").count()).toBe(0);
    expect((await pre.nth(1).textContent())?.trim()).toBe(hostile);
  });
});
