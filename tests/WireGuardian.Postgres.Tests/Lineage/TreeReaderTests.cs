using WireGuardian.Postgres.Lineage.Trees;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Tests.Lineage;

public sealed class TreeReaderTests
{
    [Test]
    public void A_nodes_fields_are_read_by_name()
    {
        var node = (TreeNode)TreeReader.Read("{VAR :varno 1 :varattno -2 :vartype 4000000000 :isnull true :name a\\ b\\} :empty \"\" :nothing <> :list (o 1 2) :nodes ({A} {B}) :node {C :x 1}}");
        Assert.That(node.Label, Is.EqualTo("VAR"));
        Assert.That((node.Number("varno"), node.Number("varattno"), node.Oid("vartype")), Is.EqualTo((1, -2, 4_000_000_000)));
        Assert.That((node.IsTrue("isnull"), node.Text("name"), node.Text("empty"), node.Text("nothing")), Is.EqualTo((true, "a b}", "", (string?)null)));
        Assert.That(node.Oids("list"), Is.EqualTo(new uint[] { 1, 2 }));
        Assert.That(node.Nodes("nodes").Select(one => one.Label), Is.EqualTo(new[] { "A", "B" }));
        Assert.That(node.Node("node")!.Number("x"), Is.EqualTo(1));
        Assert.That((node.Has("nothing"), node.Number("missing"), node.Node("missing"), node.List("missing").Count), Is.EqualTo((false, 0, (TreeNode?)null, 0)));
    }

    [Test]
    public void A_field_may_have_several_values_and_a_node_some_without_a_field()
    {
        var node = (TreeNode)TreeReader.Read("{CONST LIKE :constvalue 4 [ 1 0 0 0 ] :location 7}");
        Assert.That((node.Number("constvalue"), node.Number("location")), Is.EqualTo((4, 7)));
        Assert.That(node.Values.Count(), Is.EqualTo(9));
    }

    [Test]
    public void A_value_may_look_like_a_field()
    {
        var node = (TreeNode)TreeReader.Read("{ALIAS :aliasname :colnames :colnames (\":x\")}");
        Assert.That(node.Text("aliasname"), Is.EqualTo(":colnames"));
        Assert.That(node.List("colnames"), Has.Count.EqualTo(1));
    }

    /// <summary>The server breaks a line at a space, and that one may have been escaped.</summary>
    [Test]
    public void A_line_break_in_a_name_reads_as_a_space() => Assert.That(((TreeNode)TreeReader.Read("{A :name a\\\nb}")).Text("name"), Is.EqualTo("a b"));

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("(")]
    [TestCase(")")]
    [TestCase("{A :b 1)")]
    [TestCase("({A :b 1}")]
    [TestCase("{A :b}")]
    [TestCase("{}")]
    [TestCase("{")]
    [TestCase("{(A)}")]
    [TestCase("(1) (2)")]
    [TestCase("(1))")]
    public void What_is_not_whole_is_refused(string text) => Assert.That(() => TreeReader.Read(text), Throws.InstanceOf<ProtocolException>());

    [Test]
    public void Brackets_nest_only_so_deep()
    {
        static string Nested(int depth) => new string('(', depth) + new string(')', depth);
        Assert.That(() => TreeReader.Read(Nested(TreeReader.DeepestNesting)), Throws.Nothing);
        Assert.That(() => TreeReader.Read(Nested(TreeReader.DeepestNesting + 1)), Throws.InstanceOf<ProtocolException>());
    }

    /// <summary>A token longer than a line is broken anywhere, behind a backslash too: then its rest would be read as structure.</summary>
    [Test]
    public void A_name_that_was_broken_in_its_middle_is_refused()
    {
        var name = string.Concat(Enumerable.Repeat("\\}", 39));
        Assert.That(() => TreeReader.Read($"{{A :name\n{name}\nrest :x 1}}"), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => TreeReader.Read($"{{A :name\nx{name[..77]}\n}} :x 1}}"), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => TreeReader.Read($"{{A :name\n{name[..70]} :x 1}}"), Throws.Nothing);
        Assert.That(() => TreeReader.Read($"{{A :name\n{new string('x', 63)} :x 1}}"), Throws.Nothing);
    }

    [TestCase("{A :x (1)}")]
    [TestCase("{A :x y}")]
    [TestCase("{A :x 99999999999}")]
    public void A_field_of_another_kind_is_refused(string text)
    {
        var node = (TreeNode)TreeReader.Read(text);
        Assert.That(() => node.Number("x"), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => node.Oid("x"), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => node.Node("x"), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => node.Nodes("x").Count(), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => node.Oids("x"), text.Contains('(', StringComparison.Ordinal) ? Is.Empty : Throws.InstanceOf<ProtocolException>());
    }
}
