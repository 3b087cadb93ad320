using System.Collections.Frozen;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>Words of which the server's own messages are made. A word that is also a likely value (a name, a place) does not belong here.</summary>
internal static class HarmlessWords
{
    private const string Words =
        "a aborted absolute access active actual administrator after aggregate aggregates all allowed already also ambiguous an and another any are " +
        "argument arguments array arrays as assignment at attempt attribute attributes authentication autovacuum available backward be because been " +
        "before begin being between block both bounds but by byte bytes call called calls can canceled canceling cancelled cannot cast casts catalog changed " +
        "change character characters check checked clause clauses clients closed coerced collation column columns combination command commands comma " +
        "commit committed comparison concurrent concurrently condition conditions conflict conflicting connection connections constant " +
        "constraint constraints contain contains context conversion convert converted copy could create created creating currently cursor data database databases deadlock " +
        "declared default deferrable define defined definition delete deleted denied depend dependent depends detail detected determine different dimension dimensions " +
        "directory disabled discarded distinct division do does doesn't drop dropped due duplicate during each either element elements empty enabled encoding " +
        "end ended ends entry enum error escape evaluate exceed exceeded exceeds except exclusion exclusive execute executed execution exist existing " +
        "exists expect expected expects explicit explicitly expression expressions extension failed failing failure fetch field fields file first for " +
        "foreign format found from function functions generated given grant group grouping handle has have having held here how idle if ignored immutable implemented " +
        "in including incompatible inconsistent index indexes inherited initially input insert inserted inside instead insufficient integrity internal into invalid involved is it item items its " +
        "join json jsonb key keys label language large last least left length less level limit line list literal local lock locked lock_timeout " +
        "locks long longer lossy many match matched matches matching materialized maximum may member memory merge message method minimum missing mode modified more most must " +
        "name named names need negative nested new no non none nonexistent not null nulls number numeric object objects of off offset old on once one " +
        "only open operand operands operation operator operators option options or order other out outer output outside over overflow overlaps " +
        "owner parameter parameters parent parse part partition partitioned partitions password pending perform permission permissions permitted place plan position possible precision prepared " +
        "primary privilege privileges procedure procedures process processed provide qualified query range ranges read reached recursion recursive reference referenced " +
        "references referencing refers relation relations release remaining replication requested required requires reserved restart result results return returned returning " +
        "returns right role roles rollback row rows rule running same savepoint scalar schema scroll search security see select sequence serializable serialize server session set sets setting shared " +
        "should single size skipping snapshot some source specified specify stack started statement statements still storage string strings subquery subscript " +
        "such supplied support supported suspended syntax system table tables tablespace target temporary terminated terminating text than that the their then there this time " +
        "timed timeout to too transaction transactions trigger triggers truncate truncated try tuple two type types unable underflow undefined unexpected " +
        "union unique unknown unlogged unnamed unrecognized unsupported until update updated updates use used user uses using valid value values variable version view views violates " +
        "violation void volatile wait was were when where which while will window with within without would write written you your zero " +
        "progress recognized unit units appear reading writing configuration malformed improper dotted regular hexadecimal digit logarithm take equal upper lower bound bounds " +
        "representation binary violated datetime identifier cross stop ID future flags opening step few mask bits round scale token lexemes mentioned permitted characters size " +
        "pl pgsql sql plpgsql near lc_monetary standard_conforming_strings might add adding explicitly casts hint perhaps meant once candidate best chosen " +
        "statement_timeout recovery commands postmaster crash unexpectedly EOF mixed correlated pg_catalog raise exception perform initialization isn't can't t s " +
        "subquery's aliased alias ON USING FROM WHERE SELECT UPDATE INSERT DELETE VALUES RETURNING DISTINCT LIMIT OFFSET UNION INTERSECT HAVING MERGE COPY CASCADE NULL DO NOTHING";

    private const string Types =
        "boolean bool smallint integer int int2 int4 int8 bigint numeric decimal real float4 float8 double precision money text character varying varchar char bpchar name bytea " +
        "date time timestamp timestamptz timetz interval with without zone uuid inet cidr macaddr macaddr8 json jsonb jsonpath xml bit varbit oid regclass " +
        "regproc regprocedure regoper regoperator regtype regrole regnamespace regconfig regdictionary regcollation tid xid xid8 cid pg_lsn point line lseg box path polygon circle tsvector " +
        "tsquery int4range int8range numrange tsrange tstzrange daterange record anyelement anyarray unknown array void trigger cstring hstore citext";

    private static readonly FrozenSet<string> WordSet = Words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenSet<string> TypeSet = Types.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the server puts between two quoted names.</summary>
    private static readonly FrozenSet<string> Joints = FrozenSet.Create(
        " of relation ", " violates unique constraint ", " violates exclusion constraint ", " violates check constraint ",
        " violates foreign key constraint ", " on table ", " for table ", " of table ", " in table ", " from table ", " for relation ",
        " on relation ", " on view ", " of view ", " in schema ", " of type ", " for type ", " and ", ", ", " is of type ", " depends on ",
        " on materialized view ", " to table ", " references ", " must appear in the GROUP BY clause or ");

    public static bool IsWord(ReadOnlySpan<char> word) => WordSet.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    public static bool IsType(ReadOnlySpan<char> word) => TypeSet.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>A type's name of one word or several, such as <c>character varying</c>, also as an array.</summary>
    public static bool IsTypeName(ReadOnlySpan<char> text)
    {
        while (text.EndsWith("[]"))
            text = text[..^2];
        foreach (var part in text.Split(' '))
        {
            if (!IsType(text[part]))
                return false;
        }
        return true;
    }

    public static bool IsJoint(string text) => Joints.Contains(text);
}
