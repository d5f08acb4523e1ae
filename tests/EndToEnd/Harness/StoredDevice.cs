using Messaging.Crypto;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.EndToEnd.Harness;

/// <summary>What the server's databases know of a device's keys and of the epochs that it opened.</summary>
internal sealed record StoredDevice(PrincipalId Id, IdentityPublicKey Identity, HpkePublicKey Hpke)
{
    /// <param name="data">The server's data folder.</param>
    /// <param name="id">32 hex digits.</param>
    public static StoredDevice Read(string data, string id)
    {
        using var connection = Open(Path.Combine(data, "registry.db"));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT IdentityPoint, HpkePoint FROM devices WHERE Id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read(), $"{data} does not know the device {id}.");
        Assert.True(IdentityPublicKey.TryImport((byte[])reader.GetValue(0), out var identity));
        Assert.True(HpkePublicKey.TryImport((byte[])reader.GetValue(1), out var hpke));
        return new StoredDevice(PrincipalId.Parse(id), identity, hpke);
    }

    /// <summary>The frame that opened the device's newest epoch.</summary>
    /// <param name="data">The server's data folder.</param>
    public byte[] NewestOpening(string data)
    {
        using var connection = Open(Path.Combine(data, "telemetry.db"));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT open_frame FROM epochs WHERE device = $id ORDER BY epoch_no DESC LIMIT 1";
        var id = new byte[PrincipalId.Size];
        Id.CopyTo(id);
        command.Parameters.AddWithValue("$id", id);
        return (byte[])command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
