namespace Messaging.Fuzz.Engine;

/// <summary>
/// The committed inputs, Corpus/TARGET/NAME.hex, in hexadecimal digits so that a review can read them. What once broke a decoder stays here.
/// </summary>
internal static class Corpus
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Corpus");

    public static IEnumerable<(string Name, byte[] Data)> Of(string target)
    {
        var folder = Path.Combine(Folder, target);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.hex").Order(StringComparer.Ordinal).Select(static file => (Path.GetFileName(file), Read(file)))
            : [];
    }

    private static byte[] Read(string file) => Convert.FromHexString(string.Concat(File.ReadAllText(file).Where(static c => !char.IsWhiteSpace(c))));
}
