import { describe, expect, it } from "vitest";
import { markdownOf } from "./rich-paste.ts";

describe("formatted text that is pasted", () => {
  it.for([
    [
      "from Google Docs",
      `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="color:#000">Plain and <a href="https://example.com/">link</a></span></p></b>`,
      "Plain and [link](https://example.com/)",
    ],
    [
      "with tasks",
      `<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox"> open</li></ul>`,
      "- [x] done\n- [ ] open",
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
  });

  it("nested without end, or in a list of many, is read as far as it can be", () => {
    expect(markdownOf(`<b>x</b>${"<blockquote>".repeat(10_000)}`)).toBeUndefined();
    const items = "<li>item</li>".repeat(1000);
    expect(markdownOf(`<ol>${items}</ol>`)?.split("\n").at(-1)).toBe("1000. item");
  });

  it("carries no address that could run", () => {
    const markdown = markdownOf(
      `<p><a href="javascript:alert(1)">a</a> <b onclick="alert(1)">b</b><script>c</script><style>d</style></p>`,
    );
    expect(markdown).toBe("a **b**");
  });
});
