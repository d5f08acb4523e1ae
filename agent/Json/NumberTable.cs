using System.Text.Json;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Json;

/// <summary>A small file of the state folder: name -> whole number, an object of JSON. Replaced as a whole.</summary>
internal static class NumberTable
{
    /// <summary>Empty when there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is not what <see cref="Save"/> wrote.</exception>
    public static Dictionary<string, long> Load(IDisk disk, string path, int maxBytes)
    {
        var table = new Dictionary<string, long>(StringComparer.Ordinal);
        if (AtomicFile.Read(disk, path, maxBytes) is not { } content)
        {
            return table;
        }

        using var document = JsonDocument.Parse(content);
        var fields = new JsonFields(document.RootElement);
        foreach (var name in fields.Names())
        {
            table[name] = fields.Number(name);
        }

        return table;
    }

    /// <exception cref="IOException">The old file is still in place.</exception>
    public static void Save(IDisk disk, string path, Dictionary<string, long> table) => AtomicFile.Write(disk, path, Write(table));

    public static byte[] Write(Dictionary<string, long> table) => JsonText.BytesOfObject(json =>
    {
        foreach (var (name, number) in table)
        {
            json.WriteNumber(name, number);
        }
    });
}
