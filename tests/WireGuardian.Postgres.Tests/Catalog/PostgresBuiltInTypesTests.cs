using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Tests.Catalog;

public sealed class PostgresBuiltInTypesTests
{
    [TestCase(25u, PostgresTypeShape.Text)]
    [TestCase(3802u, PostgresTypeShape.Jsonb)]
    [TestCase(142u, PostgresTypeShape.Other)]
    [TestCase(2277u, PostgresTypeShape.Other)]
    [TestCase(30u, PostgresTypeShape.Other)]
    public void A_type_has_the_shape_of_its_values(uint oid, PostgresTypeShape shape) =>
        Assert.That(PostgresBuiltInTypes.Find(oid)?.Shape, Is.EqualTo(shape));

    [Test]
    public void An_array_knows_its_elements() =>
        Assert.That(PostgresBuiltInTypes.Find(1009)?.Element?.Oid, Is.EqualTo(25u));

    [Test]
    public void A_type_of_a_database_s_own_is_not_among_them() => Assert.That(PostgresBuiltInTypes.Find(16_384), Is.Null);
}
