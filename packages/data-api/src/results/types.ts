// The types that results may have: what Field each becomes, and what its metadata say. Types that a database made
// itself are looked up in its catalogue.
import { OID, type Session } from "../engine/engine.ts";

/** How a value leaves: as which member of a Field, after which conversion. */
export type Conversion =
  | "boolean"
  | "long"
  | "double"
  | "decimal"
  | "blob"
  | "string"
  | "jsonb"
  | "timestamp"
  | "date"
  | "time";

export interface ScalarType {
  /** The name in `columnMetadata`. */
  name: string;
  conversion: Conversion;
  /** The number that Java's java.sql.Types has for it, which is what `columnMetadata` carries [doc]. */
  jdbcType: number;
  /** What an error calls a type that has no Field, whose values are refused. */
  refusedAs?: string;
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
  struct: 2002,
  array: 2003,
  sqlXml: 2009,
  refCursor: 2012,
} as const;

/** By name: the built-in types without a Field that are not simply `other`. */
const REFUSED: Record<string, number> = {
  char: JDBC.char,
  money: JDBC.double,
  bit: JDBC.bit,
  timetz: JDBC.time,
  xml: JDBC.sqlXml,
  refcursor: JDBC.refCursor,
};

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
  [21, OID.int2Array, "int2", "long", JDBC.smallint],
  [23, 1007, "int4", "long", JDBC.integer],
  [OID.text, 1009, "text", "string", JDBC.varchar],
  [26, OID.oidArray, "oid", "string", JDBC.bigint], // a stringValue [live]
  [OID.json, 199, "json", "string", JDBC.other],
  [700, 1021, "float4", "double", JDBC.real], // as PostgreSQL prints it: 1.1, not 1.100000023841858 [live]
  [OID.float8, 1022, "float8", "double", JDBC.double],
  [1042, 1014, "bpchar", "string", JDBC.char],
  [1043, 1015, "varchar", "string", JDBC.varchar],
  [OID.date, 1182, "date", "date", JDBC.date],
  [OID.time, 1183, "time", "time", JDBC.time],
  [OID.timestamp, 1115, "timestamp", "timestamp", JDBC.timestamp],
  [1184, 1185, "timestamptz", "timestamp", JDBC.timestamp],
  [OID.numeric, 1231, "numeric", "decimal", JDBC.numeric],
  [OID.uuid, 2951, "uuid", "string", JDBC.other],
  [3802, 3807, "jsonb", "jsonb", JDBC.other],
  [650, undefined, "cidr", "string", JDBC.other],
  [869, undefined, "inet", "string", JDBC.other],
  // data-api-client's tests read these from a cluster, which refuses them a daterange, a tsrange and a macaddr [live].
  [3904, undefined, "int4range", "string", JDBC.other],
  [3906, undefined, "numrange", "string", JDBC.other],
  [3926, undefined, "int8range", "string", JDBC.other],
  // An empty string, as pg_advisory_xact_lock(…) was answered [live], which kysely's migrator selects.
  [2278, undefined, "void", "string", JDBC.other],
];

/** A type of the extension pgvector [doc]. */
const VECTOR = "vector";

const BUILT_IN = new Map<number, ResultType>();
/** Those that have a Field, and none in arrays. */
const ALONE = new Set([VECTOR]);
for (const [oid, arrayOid, name, conversion, jdbcType] of SUPPORTED) {
  const element = { name, conversion, jdbcType };
  BUILT_IN.set(oid, element);
  if (arrayOid === undefined) ALONE.add(name);
  else BUILT_IN.set(arrayOid, arrayOf(element));
}

function arrayOf(element: ScalarType): ResultType {
  return { name: `_${element.name}`, conversion: "string", jdbcType: JDBC.array, element };
}

/**
 * What a type in the catalogue is made of: the element of an array, and what a domain is based on. A kind of `e` is an
 * enum; the category of strings is `S`, which citext is in.
 */
const LOOK_UP = `with recursive made_of (type, oid, in_array) as (
    select t.oid, coalesce(e.oid, t.oid), e.oid is not null
      from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.typarray = t.oid
      where t.oid = any($1)
    union all
    select m.type, d.typbasetype, m.in_array
      from made_of m join pg_catalog.pg_type d on d.oid = m.oid and d.typtype = 'd')
  select m.type, t.typname, pg_catalog.format_type(m.type, null), m.in_array, b.oid, b.typname, b.typtype, b.typcategory
    from made_of m
    join pg_catalog.pg_type t on t.oid = m.type
    join pg_catalog.pg_type b on b.oid = m.oid and b.typtype <> 'd'`;

/** The types of one database. Those that it made are remembered: an oid never changes what it means. */
export class TypeCatalog {
  readonly #found = new Map<number, ResultType>();

  /** The type that `prepare` found, or that PostgreSQL brings. */
  get(oid: number): ResultType {
    return BUILT_IN.get(oid) ?? this.#found.get(oid) ?? droppedType(oid);
  }

  /** Looks up those of `oids` that are not known yet; in the session of the statement, which may have made the type. */
  async prepare(session: Session, oids: readonly number[]): Promise<void> {
    const unknown = oids.filter((oid) => !BUILT_IN.has(oid) && !this.#found.has(oid));
    if (unknown.length === 0) return;
    const { rows } = await session.run(LOOK_UP, [{ oid: OID.oidArray, value: `{${unknown.join(",")}}` }]);
    for (const [oid, name, title, inArray, base, baseName, kind, category] of rows) {
      const isArray = inArray === "t";
      const known = scalarOf(Number(base), baseName ?? "", kind, category);
      const scalar = known ?? withoutField(baseName ?? "", kind);
      const type = isArray ? { ...arrayOf(scalar), name: name ?? "" } : scalar;
      const isRefused = !known || (isArray && ALONE.has(known.name));
      const refusedAs = nameInErrors(baseName ?? "", isArray) ?? title ?? "";
      this.#found.set(Number(oid), isRefused ? { ...type, refusedAs } : type);
    }
  }
}

/** What is left to say of a type that was dropped since. */
function droppedType(oid: number): ScalarType {
  const name = `oid ${oid}`;
  return { name, conversion: "string", jdbcType: JDBC.other, refusedAs: name };
}

/** Undefined for what has no Field. */
function scalarOf(
  oid: number,
  name: string,
  kind: string | null | undefined,
  category: string | null | undefined,
): ScalarType | undefined {
  const builtIn = BUILT_IN.get(oid);
  if (builtIn) return builtIn.element ? undefined : builtIn;
  if (kind === "e") return { name, conversion: "string", jdbcType: JDBC.varchar };
  if (kind === "b" && (category === "S" || name === VECTOR)) {
    return { name, conversion: "string", jdbcType: JDBC.other };
  }
  return undefined;
}

/**
 * AWS names types as sqlx does, the Rust library that its statements are prepared by [live: `prepared statement
 * "sqlx_s_35"`]: those that sqlx knows in capitals (INTERVAL, TIMETZ, "CHAR" were seen), any other as PostgreSQL writes
 * it (regclass, regtype).
 */
const CAPITAL_NAMES = new Set(
  (
    "char point lseg path box polygon line cidr circle macaddr8 macaddr inet interval timetz bit varbit record " +
    "int4range numrange int8range tsrange tstzrange daterange jsonpath money"
  ).split(" "),
);

function nameInErrors(name: string, isArray: boolean): string | undefined {
  if (!CAPITAL_NAMES.has(name)) return undefined;
  return (name === "char" ? '"CHAR"' : name.toUpperCase()) + (isArray ? "[]" : "");
}

function withoutField(name: string, kind: string | null | undefined): ScalarType {
  const jdbcType = kind === "c" ? JDBC.struct : (REFUSED[name] ?? JDBC.other);
  return { name, conversion: "string", jdbcType };
}
