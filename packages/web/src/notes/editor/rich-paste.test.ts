import { describe, expect, it } from "vitest";
import { pastedOf } from "./rich-paste.ts";
import { PASTED } from "./testing/pasted-html.ts";

const markdownOf = (html: string) => pastedOf(html).markdown;

describe("formatted text that is pasted", () => {
  it.for(Object.entries(PASTED))("of %s keeps its words, marks and lists", ([, { html, markdown }]) => {
    expect(markdownOf(html)).toBe(markdown);
  });

  it.for([
    [
      "with tasks",
      `<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox"> open</li></ul>`,
      "- [x] done\n- [ ] open",
    ],
    [
      "with boxes in labels",
      `<ul><li><label><input type="checkbox" checked> <b>eggs</b></label></li><li><p><input type=checkbox> flour</p><ul><li><label><input type=checkbox><span>rye</span></label></li></ul></li></ul>`,
      "- [x] **eggs**\n- [ ] flour\n  - [ ] rye",
    ],
    [
      "with boxes in no list",
      `<p>Buy:</p><form><label><input type=checkbox checked> milk</label><br><label><input type=checkbox> tea</label></form><div><input type=checkbox id=a><label for=a>rice</label><br><input type=checkbox> <i>salt</i></div>`,
      "Buy:\n\n- [x] milk\n- [ ] tea\n\n- [ ] rice\n- [ ] *salt*",
    ],
    [
      "with boxes that are drawn",
      `<ul data-type="taskList"><li data-type="taskItem" data-checked="true"><label><input type="checkbox" checked="checked"><span></span></label><div><p>one</p></div></li><li data-checked="false"><label><input type="checkbox"><span></span></label><div><p>two</p></div></li></ul><ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span>three</span></li></ul>`,
      "- [x] one\n- [ ] two\n\n- [x] three",
    ],
    [
      "with boxes in a table",
      "<table><tr><th>a</th></tr><tr><td><input type=checkbox checked>b</td></tr></table>",
      "| a   |\n| --- |\n| ☑ b |",
    ],
    [
      "with weights in styles",
      `<div style="font-weight:bold">all <span style="font-weight:400">but</span> <a href="https://example.com/">this</a> here</div><p><b style="font-weight:500">half</b> <i class="fa" style="font-style:normal">icon</i></p>`,
      "**all** but **[this](https://example.com/) here**\n\n**half** icon",
    ],
    ["with marks of Markdown in it", "<p><i>a*b</i> # [x] `y`</p>", "*a\\*b* # \\[x\\] \\`y\\`"],
    [
      "with code in it",
      `<p>So:</p><pre><code class="language-js">if (a) {\n  b();\n}</code></pre><p>as <code>x</code></p>`,
      "So:\n\n```js\nif (a) {\n  b();\n}\n```\n\nas `x`",
    ],
    [
      "with a long list",
      `<ol start="9"><li><p>nine</p><p>more</p></li><li>ten</li></ol>`,
      "9. nine\n\n   more\n10. ten",
    ],
    [
      "with pictures",
      `<p><b>x</b> <img src="https://example.com/a.png" alt="cat"> <img src="data:image/png;base64,AAAA" alt="dog"></p>`,
      "**x** ![cat](https://example.com/a.png) dog",
    ],
  ] as const)("%s becomes Markdown", ([, html, markdown]) => {
    expect(markdownOf(html)).toBe(markdown);
  });

  it.for([
    ["paragraphs", "<p>One</p><p>two</p>"],
    ["highlighted code", `<pre style="color:red"><b>const</b> a = <i>1</i>;</pre>`],
    ["an editor's lines", `<div style="white-space:pre"><div><span>const</span> a</div></div>`],
    ["nothing", "<!--StartFragment--><!--EndFragment-->"],
    ["bold of normal weight", `<b style="font-weight: normal"><span>text</span></b>`],
  ] as const)("stays plain if it is %s", ([, html]) => {
    expect(markdownOf(html)).toBeUndefined();
  });

  it("has as many columns as fit, whatever a cell says", () => {
    const markdown = markdownOf(
      "<table><tr><th colspan=100000000>a</th></tr><tr><td>b</td><td>c</td></tr></table>",
    );
    expect(markdown?.split("\n")[0]?.split("|")).toHaveLength(22);
    expect(markdownOf(`<table><tr>${"<td>a</td>".repeat(1001)}</tr><tr></tr></table>`)).toBeUndefined();
  });

  it("nested without end, or in a list of many, is read as far as it can be", () => {
    expect(markdownOf(`<b>x</b>${"<blockquote>".repeat(10_000)}`)).toBeUndefined();
    const items = "<li>item</li>".repeat(1000);
    expect(markdownOf(`<ol>${items}</ol>`)?.split("\n").at(-1)).toBe("1000. item");
    const boxes = "<input type=checkbox> <b>x</b><br>".repeat(200);
    expect(markdownOf(`<p><span>${boxes}</span></p>`)?.split("\n").at(-1)).toBe("- [ ] **x**");
  });

  it("says which images are left out", () => {
    const html = `<p>a <img src="file:///C:/a.png" alt="The roof"><img src="https://example.com/b.png" alt="b"><img src="data:image/png;base64,AA"><img src="data:image/png;base64,AA" alt="😀"></p>`;
    expect(pastedOf(html).leftOut).toEqual(["The roof", "Image"]);
    for (const { html } of Object.values(PASTED)) expect(pastedOf(html).leftOut).toEqual([]);
  });

  it("carries no address that could run", () => {
    const markdown = markdownOf(
      `<p><a href="javascript:alert(1)">a</a> <b onclick="alert(1)">b</b><script>c</script><style>d</style></p>`,
    );
    expect(markdown).toBe("a **b**");
  });
});
