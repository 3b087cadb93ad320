using System.Text.Json;
using WireGuardian.Core.Statements;
using static WireGuardian.Core.Statements.StatementKinds;

namespace WireGuardian.Sql.Tests.Postgres.Oracle;

/// <summary>The kinds that the contract gives a statement, by the tree of the server's parser.</summary>
internal static class NodeKinds
{
    private static readonly Dictionary<string, StatementKinds> Plain = Table();

    public static StatementKinds Of(JsonElement statement)
    {
        var node = statement.EnumerateObject().Single();
        return Plain.TryGetValue(node.Name, out var kinds) ? kinds | Special(node.Name, node.Value) : Special(node.Name, node.Value);
    }

    private static StatementKinds Special(string type, JsonElement node) => type switch
    {
        "SelectStmt" or "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" => Query(type, node),
        "ExplainStmt" => Explain(node),
        "PrepareStmt" or "CreateTableAsStmt" or "DeclareCursorStmt" => Of(node.GetProperty("query")),
        "CopyStmt" => Copy(node),
        "VariableSetStmt" => Text(node, "name").StartsWith("TRANSACTION", StringComparison.Ordinal) || Text(node, "name") == "SESSION CHARACTERISTICS" ? Transaction : Session,
        "CreateSchemaStmt" => Members(node, "schemaElts").Select(Of).Aggregate(None, (all, one) => all | one),
        "CreateFunctionStmt" => Options(node, "options").Any(IsSecurityDefiner) ? Privilege : None,
        "AlterFunctionStmt" => Options(node, "actions").Any(IsSecurityDefiner) ? Privilege : None,
        "AlterTableStmt" => Members(node, "cmds").Any(command => Text(command.GetProperty("AlterTableCmd"), "subtype") is
            "AT_ChangeOwner" or "AT_EnableRowSecurity" or "AT_DisableRowSecurity" or "AT_ForceRowSecurity" or "AT_NoForceRowSecurity") ? Privilege : None,
        "AlterOwnerStmt" => Privilege | OfObject(Text(node, "objectType")),
        "RenameStmt" => OfObject(Text(node, "renameType")),
        "AlterObjectSchemaStmt" => OfObject(Text(node, "objectType")),
        "DropStmt" => Text(node, "removeType") == "OBJECT_POLICY" ? Privilege : None,
        _ when Plain.ContainsKey(type) => None,
        _ => throw new NotSupportedException($"no kinds are known for {type}"),
    };

    /// <summary>What the verb does, and what the statements inside do.</summary>
    private static StatementKinds Query(string type, JsonElement node)
    {
        var kinds = Verb(type, node);
        foreach (var (name, inner) in Inside(node))
            kinds |= name == "intoClause" ? Ddl : name is "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" ? Verb(name, inner) : None;
        return kinds;
    }

    private static StatementKinds Verb(string type, JsonElement node) => type switch
    {
        "InsertStmt" => Insert | (node.TryGetProperty("onConflictClause", out var conflict) && Text(conflict, "action") == "ONCONFLICT_UPDATE" ? Update : None),
        "UpdateStmt" => Update,
        "DeleteStmt" => Delete,
        "MergeStmt" => Members(node, "mergeWhenClauses").Select(clause => Text(clause.GetProperty("MergeWhenClause"), "commandType") switch
        {
            "CMD_INSERT" => Insert,
            "CMD_UPDATE" => Update,
            "CMD_DELETE" => Delete,
            _ => None,
        }).Aggregate(Merge, (all, one) => all | one),
        _ => Select,
    };

    private static StatementKinds Explain(JsonElement node)
    {
        var analyze = Options(node, "options").LastOrDefault(option => Text(option, "defname") == "analyze");
        var runs = analyze.ValueKind == JsonValueKind.Object && !(analyze.TryGetProperty("arg", out var value) && IsOff(value.GetRawText()));
        return runs ? StatementKinds.Explain | Of(node.GetProperty("query")) : StatementKinds.Explain;
    }

    private static bool IsOff(string value) =>
        value.Contains("\"off\"", StringComparison.Ordinal) || value.Contains("\"false\"", StringComparison.Ordinal) || value is "{\"Integer\":{}}" or "{\"Integer\":{\"ival\":0}}" or "{\"Boolean\":{}}";

    private static StatementKinds Copy(JsonElement node)
    {
        var program = node.TryGetProperty("is_program", out _) ? Code : None;
        if (node.TryGetProperty("is_from", out _))
            return Import | program;
        return Export | program | (node.TryGetProperty("query", out var query) ? Of(query) & ~Select : None);
    }

    private static StatementKinds OfObject(string type) => type switch
    {
        "OBJECT_ROLE" or "OBJECT_POLICY" => Ddl | Privilege,
        "OBJECT_PUBLICATION" or "OBJECT_SUBSCRIPTION" => Ddl | Export,
        "OBJECT_EXTENSION" => Ddl | Code,
        _ => Ddl,
    };

    private static bool IsSecurityDefiner(JsonElement option) => Text(option, "defname") == "security" && option.GetProperty("arg").GetRawText().Contains("true", StringComparison.Ordinal);

    private static string Text(JsonElement node, string property) => node.TryGetProperty(property, out var value) ? value.GetString()! : "";

    private static JsonElement.ArrayEnumerator Members(JsonElement node, string list) => node.TryGetProperty(list, out var members) ? members.EnumerateArray() : default;

    private static IEnumerable<JsonElement> Options(JsonElement node, string list) => Members(node, list).Select(option => option.GetProperty("DefElem"));

    private static IEnumerable<(string Name, JsonElement Value)> Inside(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => Inside(member.Value).Prepend((member.Name, member.Value))),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Inside),
        _ => [],
    };

    private static Dictionary<string, StatementKinds> Table()
    {
        var table = new Dictionary<string, StatementKinds>();
        void Add(StatementKinds kinds, string types)
        {
            foreach (var type in types.Split(' '))
                table.Add(type, kinds);
        }

        Add(Select, "ExecuteStmt FetchStmt");
        Add(Session, "ClosePortalStmt DeallocateStmt VariableShowStmt DiscardStmt ListenStmt NotifyStmt UnlistenStmt");
        Add(Transaction, "TransactionStmt LockStmt ConstraintsSetStmt");
        Add(Maintenance, "VacuumStmt ReindexStmt ClusterStmt CheckPointStmt RefreshMatViewStmt");
        Add(Code, "CallStmt DoStmt LoadStmt");
        Add(Delete | Ddl, "TruncateStmt");
        Add(Privilege, "GrantStmt GrantRoleStmt");
        Add(Ddl, "CommentStmt SecLabelStmt ImportForeignSchemaStmt CreateStmt CreateForeignTableStmt ViewStmt IndexStmt CreateSeqStmt AlterSeqStmt CompositeTypeStmt CreateEnumStmt CreateRangeStmt DefineStmt CreateDomainStmt "
            + "AlterDomainStmt AlterEnumStmt AlterTypeStmt CreatedbStmt DropdbStmt AlterDatabaseStmt AlterDatabaseSetStmt AlterDatabaseRefreshCollStmt CreateTableSpaceStmt DropTableSpaceStmt AlterTableSpaceOptionsStmt CreateOpClassStmt "
            + "CreateOpFamilyStmt AlterOpFamilyStmt AlterOperatorStmt CreateCastStmt CreateConversionStmt CreateForeignServerStmt AlterForeignServerStmt CreateFdwStmt AlterFdwStmt CreateStatsStmt AlterStatsStmt AlterTSConfigurationStmt "
            + "AlterTSDictionaryStmt CreateAmStmt CreateTransformStmt AlterCollationStmt AlterEventTrigStmt AlterObjectDependsStmt AlterTableMoveAllStmt DropSubscriptionStmt CreateSchemaStmt AlterTableStmt AlterFunctionStmt AlterOwnerStmt "
            + "RenameStmt AlterObjectSchemaStmt DropStmt CreateTableAsStmt");
        Add(Ddl | Code, "CreateFunctionStmt CreateTrigStmt CreateEventTrigStmt RuleStmt CreateExtensionStmt CreatePLangStmt AlterExtensionStmt AlterExtensionContentsStmt");
        Add(Ddl | Export, "CreatePublicationStmt CreateSubscriptionStmt AlterPublicationStmt AlterSubscriptionStmt");
        Add(Ddl | Privilege, "CreateRoleStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt CreateUserMappingStmt AlterUserMappingStmt DropUserMappingStmt CreatePolicyStmt AlterPolicyStmt AlterSystemStmt AlterDefaultPrivilegesStmt "
            + "ReassignOwnedStmt DropOwnedStmt");
        return table;
    }
}
