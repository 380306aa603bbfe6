// What programs put on the clipboard, in the structure in which each of them writes it, and the Markdown that it should become.

interface Pasted {
  html: string;
  plain: string;
  markdown: string;
}

/** A paragraph of a list as Word writes it: the bullet is text. */
function wordItem(
  position: "First" | "Middle" | "Last",
  level: number,
  bullet: string,
  words: string,
): string {
  return `<p class=MsoListParagraphCxSp${position} style='margin-left:${36 * level}.0pt;mso-add-space:auto;
text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span
style='mso-list:Ignore'>${bullet}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>${words}<o:p></o:p></p>`;
}

const WORD: Pasted = {
  html: `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt} @list l0:level1 {mso-level-number-format:bullet} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<p class=MsoTitle>The house<o:p></o:p></p>
<h2><span lang=EN-GB style='mso-bidi-font-weight:bold'>Roof<o:p></o:p></span></h2>
<p class=MsoNormal><span lang=EN-GB>Ask the <b style='mso-bidi-font-weight:normal'>old</b> roofer, <i
style='mso-bidi-font-style:normal'>not</i> the <s>new</s> one.<o:p></o:p></span></p>
${wordItem("First", 1, "·", "tiles, <b>forty</b>")}
${wordItem("Middle", 2, "o", "red")}
${wordItem("Middle", 2, "o", "not glazed")}
${wordItem("Last", 1, "·", "a ladder")}
<p class=MsoNormal><span lang=EN-GB><o:p>&nbsp;</o:p></span></p>
${wordItem("First", 1, "1.", "measure")}
${wordItem("Last", 1, "2.", "order")}
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none'>
<tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=301 valign=top style='border:solid windowtext 1.0pt'>
<p class=MsoNormal><b>Part<o:p></o:p></b></p></td><td valign=top><p class=MsoNormal><b>Euro<o:p></o:p></b></p></td></tr>
<tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'><td valign=top><p class=MsoNormal>tile<o:p></o:p></p></td>
<td valign=top><p class=MsoNormal>1.20<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><span style='font-family:"MS Gothic"'>☐</span> call him<o:p></o:p></p>
<p class=MsoNormal><span style='font-family:"MS Gothic"'>☒</span> find his number<o:p></o:p></p>
<!--EndFragment--></body></html>`,
  plain: "The house\r\nRoof\r\nAsk the old roofer",
  markdown: `# The house

## Roof

Ask the **old** roofer, *not* the ~~new~~ one.

- tiles, **forty**
  - red
  - not glazed
- a ladder

1. measure
2. order

| Part | Euro |
| --- | --- |
| tile | 1.20 |

- [ ] call him
- [x] find his number`,
};

/** A run of words as Google Docs writes it: all that it looks like is in its style. */
function docsRun(words: string, style = ""): string {
  const own = `font-weight:400;font-style:normal;text-decoration:none;${style}`;
  return `<span style="font-size:11pt;font-family:Arial,sans-serif;color:#000000;background-color:transparent;${own}vertical-align:baseline;white-space:pre;white-space:pre-wrap;">${words}</span>`;
}

function docsItem(level: number, words: string, rest = ""): string {
  return `<li dir="ltr" style="list-style-type:disc;font-size:11pt;white-space:pre;" aria-level="${level}"${rest}><p dir="ltr" style="line-height:1.38;margin-top:0pt;" role="presentation">${words}</p></li>`;
}

const DOCS: Pasted = {
  html: `<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-6d0f2b1a-7fff-1d0a"><h2 dir="ltr" style="line-height:1.38;"><span style="font-size:16pt;font-weight:400;white-space:pre-wrap;">Garden</span></h2><p dir="ltr" style="line-height:1.38;">${docsRun("Sow ")}${docsRun("early", "font-weight:700;")}${docsRun(" and ", "font-weight:700;font-style:italic;")}${docsRun("slowly", "font-style:italic;")}${docsRun(", ")}<a href="https://example.com/moon" style="text-decoration:none;">${docsRun("by the moon", "text-decoration:underline;color:#1155cc;")}</a>${docsRun(", never ")}${docsRun("in May", "text-decoration:line-through;")}${docsRun(".")}</p><br /><ul style="margin-top:0;margin-bottom:0;padding-inline-start:48px;">${docsItem(1, docsRun("beans"))}<ul style="margin-top:0;">${docsItem(2, docsRun("runner", "font-weight:700;"))}${docsItem(2, docsRun("broad"))}</ul>${docsItem(1, docsRun("peas"))}</ul><ol start="3">${docsItem(1, docsRun("third"))}</ol><ul>${docsItem(1, docsRun("water", "text-decoration:line-through;"), ' role="checkbox" aria-checked="true"').replace("<p", '<img src="data:image/png;base64,iVBORw0KGgo=" width="18px" alt="checked" aria-roledescription="checkbox" /><p')}${docsItem(1, docsRun("weed"), ' role="checkbox" aria-checked="false"').replace("<p", '<img src="data:image/png;base64,iVBORw0KGgo=" width="18px" alt="unchecked" aria-roledescription="checkbox" /><p')}</ul></b><br class="Apple-interchange-newline">`,
  plain: "Garden\nSow early and slowly",
  markdown: `## Garden

Sow **early *and*** *slowly*, [by the moon](https://example.com/moon), never ~~in May~~.

- beans
  - **runner**
  - broad
- peas

3. third

- [x] water
- [ ] weed`,
};

/** Apple's programs that write HTML, and what a browser makes of the RTF of Pages. */
const PAGES: Pasted = {
  html: `<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title></title>
<meta name="Generator" content="Cocoa HTML Writer"><meta name="CocoaVersion" content="2575.6">
<style type="text/css">p.p1 {margin: 0.0px; font: 12.0px Helvetica} span.s1 {font-kerning: none} ul.ul1 {list-style-type: disc}</style></head>
<body><p class="p1"><span class="s1"><b>Sunday</b>, and <i>perhaps</i> Monday</span></p>
<p class="p2"><span class="s1"></span><br></p>
<ul class="ul1"><li class="li1"><span class="s2"></span><span class="s1">bread</span></li>
<ul class="ul2"><li class="li1"><span class="s2"></span><span class="s1">rye</span></li></ul>
<li class="li1"><span class="s2"></span><span class="s1"><b>butter</b></span></li></ul></body></html>`,
  plain: "Sunday, and perhaps Monday",
  markdown: `**Sunday**, and *perhaps* Monday

- bread
  - rye
- **butter**`,
};

/** A mail of Outlook on a computer is Word's HTML, with real lists. */
const OUTLOOK: Pasted = {
  html: `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>
<style><!-- li.MsoListParagraph {margin:0cm} --></style></head><body lang=EN-US link="#467886"><!--StartFragment-->
<p class=MsoNormal><span style='font-size:11.0pt'>Bring <b>both</b>:<o:p></o:p></span></p>
<ul style='margin-top:0cm' type=disc><li class=MsoListParagraph style='margin-left:0cm;mso-list:l0 level1 lfo1'><span
style='font-size:11.0pt'>the contract<o:p></o:p></span></li>
<ul style='margin-top:0cm' type=circle><li class=MsoListParagraph style='mso-list:l0 level2 lfo1'>signed<o:p></o:p></li></ul>
<li class=MsoListParagraph style='mso-list:l0 level1 lfo1'>the key<o:p></o:p></li></ul><!--EndFragment--></body></html>`,
  plain: "Bring both:",
  markdown: `Bring **both**:

- the contract
  - signed
- the key`,
};

/** Outlook and Word on the web write each item as a list of its own. */
const WORD_ONLINE: Pasted = {
  html: `<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1" paraid="1"><span data-contrast="auto" class="TextRun SCXW1"><span class="NormalTextRun SCXW1">Pack </span></span><span class="TextRun SCXW1" style="font-weight: bold;"><span class="NormalTextRun">light</span></span><span class="EOP SCXW1" data-ccp-props="{}">&nbsp;</span></p></div>${[
    [1, "shirts"],
    [2, "two"],
    [1, "a book"],
  ]
    .map(
      ([level, words]) =>
        `<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1 SCXW1" role="list"><li data-leveltext="" data-font="Symbol" data-listid="4" role="listitem" data-aria-posinset="1" data-aria-level="${level}" class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1"><span class="TextRun SCXW1">${words}</span></p></li></ul></div>`,
    )
    .join("")}`,
  plain: "Pack light",
  markdown: `Pack **light**

- shirts
  - two
- a book`,
};

const NOTION: Pasted = {
  html: `<meta charset='utf-8'><h3>Move</h3>
<p>On <strong>Friday</strong>, with <em>one</em> van</p>
<ul>
<li>[x] boxes</li>
<li>[ ] call <a href="https://example.com/van">the van</a>
<ul>
<li>[ ] ask for a lift</li>
</ul>
</li>
<li>keys</li>
</ul>
<!-- notionvc: 2f1c1f0e-6d43-4c2b-9b57-0b5a5bd1e1aa -->`,
  plain: "### Move",
  markdown: `### Move

On **Friday**, with *one* van

- [x] boxes
- [ ] call [the van](https://example.com/van)
  - [ ] ask for a lift
- keys`,
};

export const PASTED = {
  Word: WORD,
  "Google Docs": DOCS,
  "Pages, Notes and TextEdit": PAGES,
  Outlook: OUTLOOK,
  "Word for the web": WORD_ONLINE,
  Notion: NOTION,
} satisfies Record<string, Pasted>;
