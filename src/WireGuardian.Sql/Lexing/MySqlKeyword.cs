namespace WireGuardian.Sql.Lexing;

/// <summary>
/// The key words that are reserved on both MySQL 9.7 and MariaDB 10.11, up to YearMonth and Zerofill, and those others that tell something. A member is the word in Pascal
/// case, its underscores left out.
/// </summary>
public enum MySqlKeyword : short
{
    /// <summary>Not a key word that is known here.</summary>
    NoKeyword,

    // Reserved: never a name without quotes.
    Accessible, Add, All, Alter, Analyze, And, As, Asc, Asensitive, Before, Between, Bigint, Binary, Blob, Both, By, Call,
    Cascade, Case, Change, Char, Character, Check, Collate, Column, Condition, Constraint, Continue, Convert, Create, Cross,
    CurrentDate, CurrentTime, CurrentTimestamp, CurrentUser, Cursor, Database, Databases, DayHour, DayMicrosecond, DayMinute,
    DaySecond, Dec, Decimal, Declare, Default, Delayed, Delete, Desc, Describe, Deterministic, Distinct, Distinctrow, Div, Double,
    Drop, Dual, Each, Else, Elseif, Enclosed, Escaped, Except, Exists, Exit, Explain, False, Fetch, Float, Float4, Float8, For,
    Force, Foreign, From, Fulltext, Grant, Group, Having, HighPriority, HourMicrosecond, HourMinute, HourSecond, If, Ignore, In,
    Index, Infile, Inner, Inout, Insensitive, Insert, Int, Int1, Int2, Int3, Int4, Int8, Integer, Intersect, Interval, Into, Is,
    Iterate, Join, Key, Keys, Kill, Leading, Leave, Left, Like, Limit, Linear, Lines, Load, Localtime, Localtimestamp, Lock, Long,
    Longblob, Longtext, Loop, LowPriority, Match, Maxvalue, Mediumblob, Mediumint, Mediumtext, Middleint, MinuteMicrosecond,
    MinuteSecond, Mod, Modifies, Natural, NoWriteToBinlog, Not, Null, Numeric, On, Optimize, Optionally, Or, Order, Out, Outer,
    Outfile, Precision, Primary, Procedure, Purge, Read, ReadWrite, Reads, Real, Recursive, References, Regexp, Release, Rename,
    Repeat, Replace, Require, Resignal, Restrict, Return, Revoke, Right, Rlike, Schema, Schemas, SecondMicrosecond, Select,
    Sensitive, Separator, Set, Show, Signal, Smallint, Spatial, Specific, Sql, SqlBigResult, SqlCalcFoundRows, SqlSmallResult,
    Sqlexception, Sqlstate, Sqlwarning, Ssl, Starting, StraightJoin, Table, Terminated, Then, Tinyblob, Tinyint, Tinytext, To,
    Trailing, Trigger, True, Undo, Union, Unique, Unlock, Unsigned, Update, Usage, Use, Using, UtcDate, UtcTime, UtcTimestamp,
    Values, Varbinary, Varchar, Varcharacter, Varying, When, Where, While, With, Write, Xor, YearMonth, Zerofill,

    // Not reserved, or not by both.
    Account, Active, Admin, After, Against, Aggregate, Algorithm, Always, Any, At, Atomic, Authors, AutoIncrement, Autocommit,
    Backup, Begin, Bernoulli, Binlog, Body, Cache, Cascaded, Chain, Changed, Charset, Checksum, ClientStatistics, Clone, Close,
    Cluster, Code, Collation, Columns, Comment, Commit, Committed, Compact, Completion, Component, Concurrent, Connection,
    Consistent, Contains, Context, Contributors, Copy, Count, Cpu, CurrentRole, Data, Date, Deallocate, Definer, Delimiter,
    DesKeyFile, Diagnostics, Disable, Discard, Do, Dumpfile, Duplicate, Dynamic, Empty, Enable, End, Ends, Engine, Engines, Error,
    ErrorLog, Errors, Escape, Event, Events, Every, Exception, Exclude, Execute, Extended, Fast, Faults, Fields, Filter, First,
    Flush, Follows, Format, Formatted, Found, Full, Function, General, Generate, Generated, Get, Global, Grants, GroupReplication,
    Handler, Help, History, Host, Hosts, Identified, Immediate, Import, IndexStatistics, Indexes, InsertMethod, Install, Instance,
    Invoker, Io, Isolation, Isopen, Json, JsonTable, JsonValue, Jsonfile, KeyBlockSize, Language, Last, Lateral, Leaves, Level,
    Library, Local, Locked, Locks, Log, Logfile, Logs, Manual, Master, Medium, Migrate, Minus, Mode, Mutex, Names, National,
    Never, New, Next, No, Nowait, Of, Offline, Offset, Old, OldPassword, One, Online, Open, OptimizerCosts, Option, Options,
    Ordinality, Over, Overlaps, Owner, PackKeys, Package, Parallel, Partition, Partitioning, Partitions, Password, Path, Persist,
    PersistOnly, Phase, Plugin, Plugins, Polygon, Precedes, Prepare, Prev, Previous, Privileges, Process, Processlist, Profile,
    Profiles, Proxy, Public, Qualify, Query, Quick, Raise, Range, Rank, ReadOnly, Rebuild, Recover, Relay, Relaylog,
    Remove, Reorganize, Repair, Repeatable, Replica, Replicas, Replication, Reset, Resource, Respect, Restart, Restore, Returned,
    Returning, Returns, Role, Rollback, Rollup, Routine, Row, RowCount, Rows, Rowtype, Savepoint, Secondary, SecondaryLoad,
    SecondaryUnload, Security, Sequence, Server, Session, SessionUser, Share, Shared, Shutdown, Signed, Skip, Slave, Slaves, Slow,
    Snapshot, Soname, Source, SqlBufferResult, SqlCache, SqlNoCache, Stage, Start, Starts, Statement, Stats, Status, Stop,
    Storage, Subject, Super, Suspend, System, SystemTime, SystemUser, TableStatistics, TableStats, Tables, Tablesample,
    Tablespace, Tail, Temporary, Thread, Time, Timestamp, Tls, Transaction, Triggers, Truncate, Type, Types, Unbounded,
    Uncommitted, Undefined, Undofile, Uninstall, Until, Upgrade, Url, UseFrm, User, UserResources, UserStatistics, UserVariables,
    Value, Variables, Vcpu, Versioning, View, Views, Wait, Warnings, Window, Without, Work, Wrapper, X509, Xa, Xid, Xml, Year,
    Zone,
}
