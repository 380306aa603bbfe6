// A year of the demo account: what was written when, and on which device. The files in demo/ are the last states. Each entry says
// what was different before it, so a diary is read as a history is: the newest first.
import type { Kind } from "@notejam/core/db/kinds";

const LAPTOP = "Firefox on Linux";
const PHONE = "Safari on iPhone";
const OFFICE = "Edge on Windows";

export interface Entry {
  /** `363d 20:14` is that many days ago at that time, `12m` that many minutes ago. */
  when: string;
  /** Left out if nobody knows any more. */
  on?: string;
  /** `create` for the first one, else `save` unless it says otherwise. */
  kind?: Kind;
  /** What the text says since then, and what it said before. The first stands in the text once. */
  was?: readonly (readonly [now: string, before: string])[];
  nameWas?: string;
  /** The pad that it was in before; null for none. */
  padWas?: string | null;
}

/** By the pad's name. */
export const PADS: Readonly<Record<string, readonly Entry[]>> = {
  Kids: [{ when: "300d 17:05", on: PHONE }],
  "Old flat": [{ when: "12d 18:30", on: LAPTOP, kind: "delete" }, { when: "350d 19:00" }],
  Recipes: [{ when: "363d 19:40" }],
  Sport: [
    { when: "90d 07:12", on: PHONE, nameWas: "Running" },
    { when: "210d 07:30", on: PHONE },
  ],
  Travel: [{ when: "364d 20:10" }],
  Work: [{ when: "340d 08:55", on: OFFICE }],
};

/** By the note's file. */
export const NOTES: Readonly<Record<string, readonly Entry[]>> = {
  "Welcome to Notejam.md": [{ when: "365d 19:00" }],
  "Letters from everywhere.md": [
    { when: "45d 22:10", on: LAPTOP, was: [["\n| emoji | 👋🏽 👩‍🚀 🏳️‍🌈 |", ""]] },
    { when: "100d 20:31", on: LAPTOP, was: [["\n| Tiếng Việt | Xin chào thế giới |", ""]] },
    { when: "220d 21:00", on: LAPTOP },
  ],
  "Films for the winter.md": [
    { when: "6d 23:10", on: PHONE, was: [["- [x] Perfect Days", "- [ ] Perfect Days"]] },
    { when: "9d 21:44", on: LAPTOP, kind: "merge", was: [["\n- [ ] anything with Setsuko Hara", ""]] },
    { when: "9d 21:40", on: PHONE, was: [["about Taipei, in two evenings", "about Taipei"]] },
    { when: "20d 20:00", on: LAPTOP, was: [["- [x] After Life", "- [ ] After Life"]] },
    { when: "36d 20:05", on: LAPTOP },
  ],

  "Travel/Lisbon in three days.md": [
    { when: "14m", on: LAPTOP, was: [["- [x] Table in Alfama", "- [ ] Table in Alfama"]] },
    {
      when: "18m",
      on: PHONE,
      kind: "merge",
      was: [
        [" slowly, along the Rua da Madalena.", " slowly."],
        ["tram 25, uphill", "tram 25"],
      ],
    },
    {
      when: "3d 19:20",
      on: LAPTOP,
      kind: "conflict",
      was: [
        ["- [ ] Cash for the market\n", "- [ ] Cash for the market, it takes no cards\n"],
        [
          "\n> [!warning]\n> The market takes no cards, and the machine beside it wants four euro for each try.\n",
          "",
        ],
      ],
    },
    {
      when: "3d 19:05",
      on: PHONE,
      was: [["- [ ] Cash for the market, it takes no cards\n", "- [ ] Cash for the market\n"]],
    },
    {
      when: "14d 21:40",
      on: LAPTOP,
      was: [
        [".[^bag] #lisbon", ". #lisbon"],
        ["\n\n[^bag]: The list for spring, not the one for the sea.", ""],
      ],
    },
    {
      when: "14d 21:22",
      on: LAPTOP,
      kind: "revert",
      was: [
        [
          "Nothing. If it rains: the tile museum, bus `794`, free until two. Train to the airport at 16:00.",
          "Ferry to Cacilhas and back, then the tower, then the museum, and run for the train at 16:00.",
        ],
      ],
    },
    {
      when: "14d 21:18",
      on: PHONE,
      was: [
        [
          "Ferry to Cacilhas and back, then the tower, then the museum, and run for the train at 16:00.",
          "Nothing. If it rains: the tile museum, bus `794`, free until two. Train to the airport at 16:00.",
        ],
      ],
    },
    { when: "15d 08:10", on: LAPTOP, kind: "restore" },
    { when: "15d 08:09", on: PHONE, kind: "delete" },
    {
      when: "38d 22:02",
      on: LAPTOP,
      was: [
        [
          "| What | Where | When it is quiet | How to get there | Euro |\n| --- | --- | --- | --- | ---: |",
          "| What | Where | Euro |\n| --- | --- | ---: |",
        ],
        [" before nine | green line, last stop |", ""],
        [" never | follow the queue |", ""],
        [" after nine | tram 25 |", ""],
      ],
    },
    { when: "39d 21:15", on: LAPTOP, was: [["8.40", "7.90"]] },
    { when: "39d 21:10", on: LAPTOP, was: [["\n| Dinner | Campo de Ourique | 62.00 |", ""]] },
    {
      when: "60d 20:00",
      on: LAPTOP,
      was: [["==Custard tarts standing at the counter==", "Custard tarts standing at the counter"]],
    },
    { when: "61d 19:30", on: PHONE, was: [["\n\n> The light here does half of the work.", ""]] },
    { when: "72d 18:40", on: LAPTOP, was: [["Belém by train, not by bus.", "Belém by bus."]] },
    { when: "73d 12:30", on: OFFICE, kind: "merge", was: [["for eight, by the window", "for seven"]] },
    { when: "74d 12:29", on: OFFICE, padWas: null },
    { when: "101d 21:00", on: LAPTOP, was: [["\n- [ ] Ask the hotel for a late breakfast", ""]] },
    { when: "102d 07:45", on: PHONE, was: [["\n- [ ] Cash for the market", ""]] },
    {
      when: "120d 22:15",
      on: LAPTOP,
      was: [
        [
          "Custard tarts standing at the counter, then the river until it gets cold.",
          "Custard tarts. Back by nine for the football.",
        ],
      ],
    },
    { when: "121d 08:02", on: PHONE, was: [[" Back by nine for the football.", ""]] },
    { when: "150d 20:50", on: PHONE, was: [["**walk up from Baixa** instead, slowly.", "walk up instead."]] },
    {
      when: "151d 21:06",
      on: LAPTOP,
      was: [
        [
          "Tram 28 is full after ten: walk up instead.",
          "Tram 28 is nice in the evening. Coffee at the corner with the blue door.",
        ],
      ],
    },
    { when: "152d 13:20", on: PHONE, was: [[" Coffee at the corner with the blue door.", ""]] },
    { when: "180d 19:15", on: LAPTOP, was: [["\n\n- [ ] Table in Alfama for seven", ""]] },
    {
      when: "200d 20:20",
      on: LAPTOP,
      was: [
        [
          "\n\n| What | Where | Euro |\n| --- | --- | ---: |\n| Train, two, both ways | Cais do Sodré | 7.90 |\n| Tarts, six | Belém | 8.10 |",
          "",
        ],
      ],
    },
    { when: "201d 20:21", on: LAPTOP, nameWas: "Lisbon" },
    {
      when: "240d 21:30",
      on: LAPTOP,
      was: [
        [
          "The **tram map** is in the drawer; what goes into the bag is on the [packing list](<Packing list.md>).",
          "The tram map is in the drawer.",
        ],
      ],
    },
    { when: "241d 21:31", on: LAPTOP, was: [[" #lisbon #spring", " #lisbon"]] },
    { when: "260d 18:18", on: PHONE, was: [[" The tram map is in the drawer.", ""]] },
    {
      when: "300d 19:00",
      on: PHONE,
      was: [["Nothing. If it rains: the tile museum, bus `794`, free until two. Train", "Train"]],
    },
    { when: "301d 19:12", on: LAPTOP, was: [["\n\n## Sunday\n\nTrain to the airport at 16:00.", ""]] },
    { when: "330d 20:44", on: LAPTOP, was: [["\n\n## Saturday\n\nBelém by bus. Custard tarts.", ""]] },
    {
      when: "331d 20:40",
      on: LAPTOP,
      was: [["Arrive 14:20. Tram 28 is nice in the evening.", "Arrive in the afternoon."]],
    },
    { when: "350d 22:08", on: LAPTOP, was: [["\n\n## Friday\n\nArrive in the afternoon.", ""]] },
    { when: "362d 20:16", on: LAPTOP, was: [[" #lisbon", ""]] },
    {
      when: "363d 20:15",
      was: [
        ["Three days are enough for one hill each, and for doing nothing in between.", "Two days, or three?"],
      ],
    },
    { when: "364d 20:14", kind: "import" },
  ],
  "Travel/Packing list.md": [
    { when: "1d 08:02", on: PHONE, was: [["- [x] charger", "- [ ] charger"]] },
    { when: "1d 07:58", on: PHONE, was: [["- [x] passport", "- [ ] passport"]] },
    { when: "16d 21:20", on: LAPTOP, was: [["\n- [ ] earplugs", ""]] },
    {
      when: "115d 20:20",
      on: LAPTOP,
      was: [["the book that I started in August #reading/novels", "a book"]],
    },
    {
      when: "240d 21:28",
      on: LAPTOP,
      was: [["\n\nFor [Lisbon](<Lisbon in three days.md>), and for any other weekend.", ""]],
    },
    { when: "330d 22:30", on: PHONE },
  ],
  "Travel/東京の冬.md": [
    { when: "17d 23:01", on: LAPTOP, was: [["\n- 夜行バスは二度と使わない", ""]] },
    { when: "280d 22:40", on: LAPTOP },
  ],

  "Kids/Picnic 🍓🧀🥖.md": [
    { when: "1d 12:20", on: PHONE, was: [["- [x] lemonade", "- [ ] lemonade"]] },
    { when: "1d 12:18", on: PHONE, was: [["- [x] blanket", "- [ ] blanket"]] },
    {
      when: "2d 09:40",
      on: PHONE,
      kind: "merge",
      was: [["\n- [ ] strawberries, if the market has them", ""]],
    },
    { when: "2d 09:38", on: LAPTOP, was: [["sun cream, the thick one", "sun cream"]] },
    { when: "4d 18:00", on: PHONE },
  ],
  "Kids/My July plans.md": [
    {
      when: "136d 17:30",
      on: PHONE,
      was: [["\n\n> Done by the 19th: the tree house, and half of the book.", ""]],
    },
    {
      when: "150d 17:31",
      on: PHONE,
      was: [["Learn to dive from the side of the pool.", "Learn to swim under water."]],
    },
    { when: "156d 16:05", on: PHONE },
  ],

  "Recipes/Bread, slowly.md": [
    {
      when: "52d 20:10",
      on: LAPTOP,
      was: [["Bake 30 minutes with the lid, 15 without.", "Bake 45 minutes."]],
    },
    { when: "53d 20:00", on: PHONE, was: [["Let it cool. *Really.*", "Let it cool."]] },
    { when: "290d 19:30", on: PHONE, was: [["2 g of dry yeast", "7 g of dry yeast"]] },
    { when: "362d 19:45", kind: "import" },
  ],
  "Recipes/Ratatouille.md": [
    {
      when: "13d 18:52",
      on: LAPTOP,
      kind: "conflict",
      was: [["5 tomatoes, 2 onions, 3 cloves of garlic", "5 tomatoes, 3 onions"]],
    },
    { when: "13d 18:40", on: PHONE, was: [["5 tomatoes, 3 onions", "4 tomatoes, 2 onions"]] },
    { when: "180d 18:10", on: LAPTOP, was: [[" Goes with [bread](<Bread, slowly.md>).", ""]] },
    { when: "359d 19:50", kind: "import" },
  ],
  "Recipes/Soup that nobody liked.md": [
    { when: "30d 20:40", on: PHONE, kind: "delete" },
    { when: "31d 20:20", on: PHONE, was: [[" Never again.", ""]] },
    { when: "31d 17:00", on: PHONE },
  ],
  "Recipes/קניות לשבת ולאורחים.md": [
    { when: "1d 09:15", on: PHONE, was: [["- [x] פרחים", "- [ ] פרחים"]] },
    { when: "2d 19:00", on: PHONE },
  ],

  "Sport/Half marathon in March.md": [
    { when: "11d 07:50", on: PHONE, was: [[" The old ones had 900 km.", ""]] },
    { when: "18d 08:05", on: PHONE, was: [["17 |\n\nThe left shoe rubs.", "15 |"]] },
    { when: "60d 07:20", on: PHONE },
  ],

  "Old flat/Keys, and who has one.md": [
    { when: "200d 18:15", on: PHONE, was: [[", who has moved", ""]] },
    { when: "349d 19:10" },
  ],
  "Old flat/Meters on the last day.md": [{ when: "205d 16:40", on: PHONE }],

  "Work/Before a release.md": [
    { when: "23d 09:30", on: OFFICE, was: [["\n\n#work/project/release", ""]] },
    {
      when: "130d 16:20",
      on: OFFICE,
      was: [["\n\n---\n\nIf it goes wrong: roll back first, ask why later.", ""]],
    },
    { when: "320d 09:00", on: OFFICE },
  ],
  "Work/Monday meeting.md": [
    {
      when: "21d 10:20",
      on: OFFICE,
      kind: "merge",
      was: [["\n\nNext: Mei brings figures for November.", ""]],
    },
    { when: "21d 10:12", on: PHONE, was: [["\n- **Decided:** no releases on Fridays.", ""]] },
    { when: "21d 09:45", on: OFFICE },
  ],
  "Work/Protocol of the extraordinary meeting about the roof, the lift and the bicycle room, second part.md":
    [
      { when: "1d 11:40", on: OFFICE, was: [["- [x] Ask the third firm", "- [ ] Ask the third firm"]] },
      {
        when: "8d 19:55",
        on: LAPTOP,
        was: [["\n\n## The bicycle room\n\nWhoever has left the red one: it goes on Friday.", ""]],
      },
      {
        when: "8d 19:40",
        on: LAPTOP,
        was: [
          [
            "Slate, not tiles: it costs a third more and lasts twice as long. Nine for it, two against.",
            "Slate, or tiles?",
          ],
        ],
      },
      { when: "8d 18:30", on: LAPTOP },
    ],
  "Work/Which queries are slow.md": [
    { when: "2d 18:31", on: OFFICE, was: [[" #work/project/database", ""]] },
    {
      when: "5d 17:02",
      on: OFFICE,
      was: [
        [" The index on `(user_id, updated_at)` is used only where the sort has the same direction.", ""],
      ],
    },
    { when: "26d 15:10", on: OFFICE },
  ],
};
