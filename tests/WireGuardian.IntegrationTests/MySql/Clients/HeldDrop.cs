using System.Text.Json;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Clients;

/// <summary>A table that a client drops, which is held, and the operator who approves it meanwhile.</summary>
internal sealed class HeldDrop(MySqlFlavour flavour, string table)
{
    public string Table => table;

    public static async Task<HeldDrop> PrepareAsync(MySqlFlavour flavour, string client)
    {
        var table = $"doomed_{client}";
        await MySqlShop.Database(flavour).ExecuteAsync($"CREATE TABLE {table} (a int)");
        return new(flavour, table);
    }

    /// <summary>Approves the request once there is one, and gives what the client ends with; one that never gets so far is not waited for.</summary>
    public async Task<T> ApproveAsync<T>(Task<T> client)
    {
        var proxy = MySqlShop.Proxy(flavour);
        while (!client.IsCompleted)
        {
            var pending = await proxy.WgctlAsync(MySqlShop.Token, "pending", "--output", "json");
            using var requests = JsonDocument.Parse(pending.Output);
            if (requests.RootElement.GetArrayLength() == 0)
                continue;
            var request = requests.RootElement[0];
            Assert.That(request.GetProperty("statement").GetString(), Does.Contain(table));
            await proxy.WgctlAsync(MySqlShop.Token, "approve", request.GetProperty("id").GetString()!);
            break;
        }
        return await client;
    }

    /// <summary>What was approved has run.</summary>
    public async Task AssertDroppedAsync() => Assert.That(await MySqlShop.Database(flavour).ScalarAsync($"SHOW TABLES LIKE '{table}'"), Is.Null);
}
