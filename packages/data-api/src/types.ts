// The types that results may have: what Field each becomes, and what its metadata say. Types that a database made
// itself are looked up in its catalogue.
import type { Session } from "./engine/engine.ts";
import { OID } from "./engine/engine.ts";

/** How a value leaves: as which member of a Field, after which conversion. */
export type Conversion =
  | "boolean"
  | "long"
  | "double"
  | "decimal"
  | "blob"
  | "string"
  | "timestamp"
  | "date"
  | "time"
  | "unsupported";

export interface ScalarType {
  /** The name in `columnMetadata`. */
  name: string;
  conversion: Conversion;
  /** The number that Java's java.sql.Types has for it, which is what `columnMetadata` carries [doc]. */
  jdbcType: number;
}

export type ResultType = ScalarType & {
  /** Set for an array: the type of its elements. */
  element?: ScalarType;
};

const JDBC = {
  bit: -7,
  bigint: -5,
  binary: -2,
  numeric: 2,
  integer: 4,
  smallint: 5,
  real: 7,
  double: 8,
  varchar: 12,
  char: 1,
  date: 91,
  time: 92,
  timestamp: 93,
  other: 1111,
  array: 2003,
} as const;

/** By oid: the built-in types that are supported, each with the oid of its array where that is supported too. */
const SUPPORTED: [
  oid: number,
  arrayOid: number | undefined,
  name: string,
  conversion: Conversion,
  jdbcType: number,
][] = [
  [OID.bool, 1000, "bool", "boolean", JDBC.bit],
  [OID.bytea, 1001, "bytea", "blob", JDBC.binary],
  [19, 1003, "name", "string", JDBC.varchar],
  [OID.int8, 1016, "int8", "long", JDBC.bigint],
  [21, 1005, "int2", "long", JDBC.smallint],
  [23, 1007, "int4", "long", JDBC.integer],
  [OID.text, 1009, "text", "string", JDBC.varchar],
  [26, 1028, "oid", "long", JDBC.bigint],
  [OID.json, 199, "json", "string", JDBC.other],
  [700, 1021, "float4", "double", JDBC.real],
  [OID.float8, 1022, "float8", "double", JDBC.double],
  [1042, 1014, "bpchar", "string", JDBC.char],
  [1043, 1015, "varchar", "string", JDBC.varchar],
  [OID.date, 1182, "date", "date", JDBC.date],
  [OID.time, 1183, "time", "time", JDBC.time],
  [OID.timestamp, 1115, "timestamp", "timestamp", JDBC.timestamp],
  [1184, 1185, "timestamptz", "timestamp", JDBC.timestamp],
  [OID.numeric, 1231, "numeric", "decimal", JDBC.numeric],
  [OID.uuid, 2951, "uuid", "string", JDBC.other],
  [3802, 3807, "jsonb", "string", JDBC.other],
  [650, undefined, "cidr", "string", JDBC.other],
  [869, undefined, "inet", "string", JDBC.other],
  // kysely's migrator selects pg_advisory_xact_lock(…), and runs on Aurora Serverless v2 since it reads no "char" [live].
  [2278, undefined, "void", "string", JDBC.other],
];

/** A type of the extension pgvector [doc]. */
const VECTOR = "vector";

const BUILT_IN = new Map<number, ResultType>();
for (const [oid, arrayOid, name, conversion, jdbcType] of SUPPORTED) {
  const element = { name, conversion, jdbcType };
  BUILT_IN.set(oid, element);
  if (arrayOid !== undefined) BUILT_IN.set(arrayOid, arrayOf(element));
}

function arrayOf(element: ScalarType): ResultType {
  return {
    name: `_${element.name}`,
    conversion: element.conversion === "unsupported" ? "unsupported" : "string",
    jdbcType: JDBC.array,
    element,
  };
}

/** What a type in the catalogue is: `e` for an enum; the category of strings is `S`, which citext is in. */
const LOOK_UP = `select t.oid, t.typname, t.typtype, t.typcategory, e.typname, e.typtype, e.typcategory
  from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
  where t.oid = any($1)`;

/** The types of one database. Those that it made are remembered: an oid never changes what it means. */
export class TypeCatalog {
  readonly #found = new Map<number, ResultType>();

  /** The type that `prepare` found, or that PostgreSQL brings. */
  get(oid: number): ResultType {
    return BUILT_IN.get(oid) ?? this.#found.get(oid) ?? unsupported(`oid ${oid}`);
  }

  /** Looks up those of `oids` that are not known yet; in the session of the statement, which may have made the type. */
  async prepare(session: Session, oids: readonly number[]): Promise<void> {
    const unknown = oids.filter((oid) => !BUILT_IN.has(oid) && !this.#found.has(oid));
    if (unknown.length === 0) return;
    const { rows } = await session.run(LOOK_UP, [{ oid: 1028, value: `{${unknown.join(",")}}` }]);
    for (const [oid, name, kind, category, elementName, elementKind, elementCategory] of rows) {
      const type = elementName
        ? arrayOf(made(elementName, elementKind, elementCategory))
        : made(name ?? "", kind, category);
      this.#found.set(Number(oid), type);
    }
  }
}

function made(
  name: string,
  kind: string | null | undefined,
  category: string | null | undefined,
): ScalarType {
  if (kind === "e") return { name, conversion: "string", jdbcType: JDBC.varchar };
  if (kind === "b" && (category === "S" || name === VECTOR)) {
    return { name, conversion: "string", jdbcType: JDBC.other };
  }
  return unsupported(nameInErrors(name));
}

/** INTERVAL, TIMETZ and "CHAR" were seen in capitals, regclass and regtype as the catalogue has them [live]. */
function nameInErrors(name: string): string {
  if (name === "char") return '"CHAR"';
  return /^_?reg/.test(name) ? name : name.toUpperCase();
}

function unsupported(name: string): ScalarType {
  return { name, conversion: "unsupported", jdbcType: JDBC.other };
}
