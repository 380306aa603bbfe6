// What `--help` prints: at most 100 columns, with what is most often needed first.
import { MAX_CONNECTIONS_DEFAULT } from "../options.ts";
import { PORT_DEFAULT } from "./arguments.ts";

export const HELP = `Usage: notejam-data-api [flags]

The RDS Data API of Aurora PostgreSQL on http://127.0.0.1, for the AWS SDKs, the CLI and whatever
uses them: over a PostgreSQL 18 that it brings along, or over one of yours. Ctrl-C stops it.

  -p, --port N           the port, ${PORT_DEFAULT} by default; 0: a free one, in the first line
      --data-dir DIR     keeps each database in a directory of its name in DIR; without it, and
                         without a URL, the rows are in memory and gone when this ends
      --database-url URL postgres://user:password@host:port/name: a PostgreSQL of yours.
                         The variable DATABASE_URL does the same where no flag says otherwise
      --database NAME    a name that requests may give as "database"; may be repeated, and the
                         first is meant where a request names none. The default is "postgres",
                         or the name in the URL; over a URL each of them replaces the name there
      --max-connections N
                         connections to PostgreSQL for each database, ${MAX_CONNECTIONS_DEFAULT} by default

      --resource-arn ARN the one cluster that requests may name; any by default
      --secret-arn ARN   a secret that requests may name; may be repeated; any by default
      --secrets FILE     the secrets that requests may name, with the role that each stands for:
                         {"arn:…": {"username": "app", "password": "…"}, "arn:…": "owner"}

      --allow-failed-commit  answers a commit after an error with success, as AWS seems to do,
                         though everything is rolled back; by default it is refused with 25P02

      --latency TIME     delays each call as a network does: 17ms, 10-30ms (evenly between)
                         or p50=17ms,p99=120ms (log-normal)
      --seed N           what random times and faults are drawn from: the same number and the
                         same calls give the same ones

      --log [text|json]  one line a call, to standard error; never a parameter's value
      --log-values       the values, too
  -h, --help             this text
      --version          the version

The first line of standard output ends in the URL, and comes when the server is ready. Exit codes:
0 after SIGINT or SIGTERM, 1 where it can't start, 2 where a flag is wrong.

Examples:
  notejam-data-api
  notejam-data-api --data-dir .data --database app --log
  notejam-data-api --database-url postgres://me:secret@localhost:5432/app --latency 17ms
  aws rds-data execute-statement --endpoint-url http://127.0.0.1:${PORT_DEFAULT} --sql "select 1" \\
    --resource-arn arn:aws:rds:local --secret-arn arn:aws:secretsmanager:local
`;
