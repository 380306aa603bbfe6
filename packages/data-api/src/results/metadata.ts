// `columnMetadata`, as PostgreSQL's JDBC driver would tell it: the numbers of java.sql.Types, the sizes and the names
// are that driver's [live: recorded answers agree with it, and say schemaName "" and `serial`].
import { OID, type ResultColumn, type Session } from "../engine/engine.ts";
import type { ResultType, TypeCatalog } from "./types.ts";

const NULLABLE = { no: 0, yes: 1, unknown: 2 } as const;
const UNLIMITED = 2_147_483_647;

/** What the catalogue says of a table's column. */
interface TableColumn {
  table: string;
  nullable: boolean;
  automatic: boolean;
}

const LOOK_UP = `select a.attrelid, a.attnum, c.relname, a.attnotnull or (t.typtype = 'd' and t.typnotnull),
    a.attidentity <> '' or coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) like '%nextval(%', false)
  from unnest($1, $2) wanted(relid, num)
  join pg_catalog.pg_attribute a on a.attrelid = wanted.relid and a.attnum = wanted.num
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum`;

/** The JSON of `columnMetadata`; looks tables up in the session of the statement, which may have made them. */
export async function writeMetadata(
  session: Session,
  columns: readonly ResultColumn[],
  types: TypeCatalog,
): Promise<string> {
  const inTables = columns.filter(({ tableOid, attribute }) => tableOid !== 0 && attribute > 0);
  const found = new Map<string, TableColumn>();
  if (inTables.length > 0) {
    const { rows } = await session.run(LOOK_UP, [
      { oid: OID.oidArray, value: `{${inTables.map(({ tableOid }) => tableOid).join(",")}}` },
      { oid: OID.int2Array, value: `{${inTables.map(({ attribute }) => attribute).join(",")}}` },
    ]);
    for (const [table, attribute, name, notNull, automatic] of rows) {
      found.set(`${table}.${attribute}`, {
        table: name ?? "",
        nullable: notNull !== "t",
        automatic: automatic === "t",
      });
    }
  }
  return JSON.stringify(
    columns.map((column) =>
      describe(column, types.get(column.typeOid), found.get(`${column.tableOid}.${column.attribute}`)),
    ),
  );
}

function describe(column: ResultColumn, type: ResultType, source: TableColumn | undefined) {
  const automatic = source?.automatic ?? false;
  const { name } = type.element ?? type; // an array is as signed, and as long, as its elements
  return {
    arrayBaseColumnType: type.element?.jdbcType ?? 0,
    isAutoIncrement: automatic,
    isCaseSensitive: !CASELESS.has(name),
    isCurrency: type.name === "money",
    isSigned: SIGNED.has(name),
    label: column.name,
    name: column.name,
    nullable: source ? (source.nullable ? NULLABLE.yes : NULLABLE.no) : NULLABLE.unknown,
    precision: precisionOf(name, column.typeModifier),
    scale: scaleOf(name, column.typeModifier),
    schemaName: "",
    tableName: source?.table ?? "",
    type: type.jdbcType,
    typeName: (automatic && SERIAL[type.name]) || type.name,
  };
}

const SERIAL: Record<string, string> = { int2: "smallserial", int4: "serial", int8: "bigserial" };
const SIGNED = new Set(["int2", "int4", "int8", "float4", "float8", "numeric"]);
const CASELESS = new Set([
  ...SIGNED,
  "oid",
  "bool",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "timetz",
  "interval",
  "bit",
  "varbit",
]);

const PRECISION: Record<string, number> = {
  bool: 1,
  int2: 5,
  int4: 10,
  int8: 19,
  oid: 10,
  float4: 8,
  float8: 17,
  date: 13,
  char: 1,
  interval: 49,
};

/** Of the date's 13 characters, a space and the time's 8. */
const TIMESTAMP_WIDTH = 22;

/** A type modifier of -1 means that the type was written without one. https://www.postgresql.org/docs/18/catalog-pg-attribute.html */
function precisionOf(type: string, modifier: number): number {
  const fraction = modifier === -1 ? 7 : modifier === 0 ? 0 : modifier + 1;
  switch (type) {
    case "numeric":
      return modifier === -1 ? 0 : ((modifier - 4) >> 16) & 0xffff;
    case "varchar":
    case "bpchar":
      return modifier === -1 ? UNLIMITED : modifier - 4;
    case "bit":
      return modifier;
    case "varbit":
      return modifier === -1 ? UNLIMITED : modifier;
    case "time":
      return "12:00:00".length + fraction;
    case "timetz":
      return "12:00:00+00:00".length + fraction;
    case "timestamp":
      return TIMESTAMP_WIDTH + fraction;
    case "timestamptz":
      return TIMESTAMP_WIDTH + fraction + "+00:00".length;
    default:
      return PRECISION[type] ?? UNLIMITED;
  }
}

function scaleOf(type: string, modifier: number): number {
  switch (type) {
    case "numeric":
      return modifier === -1 ? 0 : ((modifier - 4) << 21) >> 21; // 11 bits with a sign
    case "float4":
    case "float8":
      return PRECISION[type] ?? 0;
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
      return modifier === -1 ? 6 : modifier;
    case "interval":
      return modifier === -1 ? 6 : modifier & 0xffff; // the rest says which fields it has
    default:
      return 0;
  }
}
