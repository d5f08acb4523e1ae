namespace Messaging.Agent.Logs.Files;

internal static class LineAttributes
{
    private const string Key = "log.line.part";

    private static readonly KeyValuePair<string, string>[] Begin = [new(Key, "begin")];
    private static readonly KeyValuePair<string, string>[] Middle = [new(Key, "middle")];
    private static readonly KeyValuePair<string, string>[] End = [new(Key, "end")];

    public static IReadOnlyList<KeyValuePair<string, string>>? Of(LinePart part) => part switch
    {
        LinePart.Begin => Begin,
        LinePart.Middle => Middle,
        LinePart.End => End,
        _ => null,
    };
}
