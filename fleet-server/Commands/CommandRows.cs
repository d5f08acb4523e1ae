using System.Data.Common;

namespace Messaging.FleetServer.Commands;

/// <summary>Writes rows of commands by statements that are prepared once for many: the mapper takes several times as long for a row.</summary>
internal sealed class CommandRows(DbConnection connection, DbTransaction transaction) : IAsyncDisposable
{
    private static readonly string[] Fixed =
    [
        "DeviceId", "Id", "SetIndex", "Ordinal", "Type", "DryRun", "ArgsJson", "Args", "CreatedAt", "CreatedBy", "ExpiresAt", "IssuerId",
    ];

    private static readonly string[] Changing =
    [
        "State", "SentAt", "LastSentAt", "Attempts", "Signed", "IssuerSeq", "BootNonce", "LastReportNo", "LastReportAt", "FinishedAt", "Progress", "ExitCode",
        "Message", "Output", "OutputTruncated",
    ];

    private DbCommand? _insert;
    private DbCommand? _update;

    public Task InsertAsync(CommandEntity command)
    {
        _insert ??= Prepare(
            $"""
            INSERT INTO "commands" ({Names([.. Fixed, .. Changing])})
            VALUES ({string.Join(", ", Fixed.Concat(Changing).Select(static name => "@" + name))})
            """,
            [.. Fixed, .. Changing]);
        Bind(_insert, 0, [
            command.DeviceId, command.Id, command.SetIndex, command.Ordinal, command.Type, command.DryRun, command.ArgsJson, command.Args,
            Ms(command.CreatedAt), command.CreatedBy, Ms(command.ExpiresAt), command.IssuerId,
        ]);
        BindChanging(_insert, Fixed.Length, command);
        return _insert.ExecuteNonQueryAsync();
    }

    public async Task UpdateAsync(CommandEntity command)
    {
        _update ??= Prepare(
            $"""
            UPDATE "commands" SET {string.Join(", ", Changing.Select(static name => $"\"{name}\" = @{name}"))} WHERE "DeviceId" = @DeviceId AND "Id" = @Id
            """,
            ["DeviceId", "Id", .. Changing]);
        Bind(_update, 0, [command.DeviceId, command.Id]);
        BindChanging(_update, 2, command);
        if (await _update.ExecuteNonQueryAsync() != 1)
        {
            throw new InvalidOperationException($"Command {command.Id} of device {command.DeviceId} is not stored.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var statement in new[] { _insert, _update })
        {
            if (statement is not null)
            {
                await statement.DisposeAsync();
            }
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(static name => $"\"{name}\""));

    private static long? Ms(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static void BindChanging(DbCommand statement, int from, CommandEntity command) => Bind(statement, from, [
        (int)command.State, Ms(command.SentAt), Ms(command.LastSentAt), command.Attempts, command.Signed, command.IssuerSeq, command.BootNonce, command.LastReportNo,
        Ms(command.LastReportAt), Ms(command.FinishedAt), command.Progress, command.ExitCode, command.Message, command.Output, command.OutputTruncated,
    ]);

    private static void Bind(DbCommand statement, int from, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            statement.Parameters[from++].Value = value ?? DBNull.Value;
        }
    }

    private DbCommand Prepare(string sql, string[] parameters)
    {
        var statement = connection.CreateCommand();
        statement.Transaction = transaction;
#pragma warning disable CA2100 // The names of columns above, and nothing else.
        statement.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            var parameter = statement.CreateParameter();
            parameter.ParameterName = "@" + name;
            statement.Parameters.Add(parameter);
        }

        return statement;
    }
}
