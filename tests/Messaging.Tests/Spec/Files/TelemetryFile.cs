using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Fuzz.Targets;
using Messaging.Telemetry;

namespace Messaging.Tests.Spec.Files;

internal sealed class TelemetryFile : VectorDocument
{
    public override string Name => "telemetry.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Batches in the envelope without compression (00), which every implementation writes alike; deflated: the same content compressed by somebody, for readers. Values are the 8 bytes of binary64, big-endian.",
        ["metrics"] = Array([Metrics("three series, one of them with gaps", Samples.Metrics), Metrics("no clock, no series", Samples.Metrics with { WallUnixMs = null, Series = [] })]),
        ["columns"] = Array(Columns().Select(static values => Column(values))),
        ["logs"] = Array([Logs("two lines of two sources", Samples.Logs), Logs("no attributes", Samples.Logs with { Entries = [Samples.Logs.Entries[0], Samples.Logs.Entries[0]] }), Logs("no lines", Samples.Logs with { Entries = [] }),
            Logs("version 2: three lines, one of the boot before", Samples.DatedLogs), Logs("version 2: all lines of the batch's boot", Samples.DatedLogs with { Entries = [.. Samples.DatedLogs.Entries.Skip(1)], EarlierBoots = [] })]),
        ["events"] = Array([Events("version 1", Samples.Events), Events("version 2", Samples.DatedEvents)]),
        ["knownSeries"] = Array(new uint[] { 4, 9 }.Select(static id => new JsonObject { ["id"] = id, ["definition"] = Hex(Samples.KnownSeries(id)!.Encode()) })),
        ["series"] = Array(
        [
            Series("two known, three defined, one of them like a known one and one of this batch alone", Samples.Series),
            Series("everything known", Samples.Series with { Definitions = [], Columns = [Samples.Series.Columns[0], Samples.Series.Columns[3]] }),
            Series("a boot, no clock, no series", new SeriesBatch(Samples.Boot(0x21), null, 90_000, [], [])),
            Series("values that the scale does not give back", Samples.Series with
            {
                Definitions = [],
                Columns = [new SeriesColumn(9, Samples.KnownSeries(9)!, [new(1, 0.5), new(2, -9_007_199_254_740_992), new(4, 1)])],
            }),
        ]),
        ["missingSeries"] = new JsonObject
        {
            ["why"] = "numbers that are not known, in columns and in a definition that is like another",
            ["hex"] = Hex(Plain.Of(static output => new SeriesBatchWriter().Write(Missing, output))),
            ["missing"] = new JsonArray(1, 2, 3),
        },
        ["refusedSeries"] = Array(RefusedSeries()),
        ["deflated"] = Deflated,
        ["refusedMetrics"] = Array(RefusedMetrics()),
        ["refusedLogs"] = Array(RefusedLogs()),
        ["refusedEvents"] = Array(RefusedEvents()),
    };

    /// <summary>The first metrics batch, compressed once. Compressors differ, so that it is kept and not made again.</summary>
    private static string Deflated => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Spec", "metrics.deflate.hex")).Trim();

    public override void Verify(JsonElement file)
    {
        foreach (var one in Each(file, "metrics"))
        {
            Assert.True(MetricBatch.TryDecode(Bytes(one, "hex"), out var batch));
            Assert.Equal(one.GetProperty("series").GetArrayLength(), batch.Series.Count);
            foreach (var (expected, actual) in Each(one, "series").Zip(batch.Series))
            {
                Assert.Equal(expected.GetProperty("name").GetString(), actual.Name);
                Assert.Equal(
                    Each(expected, "points").Select(static point => (point[0].GetInt64(), point[1].GetString()!)),
                    actual.Points.Select(static point => (point.MonoMs, Bits(point.Value))));
            }
        }

        foreach (var one in Each(file, "columns"))
        {
            var values = new double[one.GetProperty("values").GetArrayLength()];
            Assert.True(ValueColumn.TryRead(one.GetProperty("encoding").GetInt32(), Bytes(one, "column"), values));
            Assert.Equal(Each(one, "values").Select(static value => value.GetString()!), values.Select(Bits));
        }

        VerifySeries(file);
        foreach (var one in Each(file, "logs"))
        {
            Assert.True(LogBatch.TryDecode(Bytes(one, "hex"), out var batch));
            Assert.Equal(
                Each(one, "entries").Select(static entry => (entry.GetProperty("time").GetInt64(), entry.GetProperty("body").GetString())),
                batch.Entries.Select(static entry => (entry.Ms, (string?)entry.Body)));
            Assert.Equal(Each(one, "entries").Select(static entry => entry.GetProperty("boot").GetInt32()), batch.Entries.Select(static entry => entry.Boot));
            Assert.Equal(one.GetProperty("version").GetInt32(), batch.EarlierBoots is null ? 1 : 2);
        }

        foreach (var one in Each(file, "events"))
        {
            Assert.True(EventBatch.TryDecode(Bytes(one, "hex"), out var batch));
            Assert.Equal(Each(one, "events").Select(static entry => entry.GetProperty("time").Deserialize<long?>()), batch.Events.Select(static entry => entry.Ms));
            Assert.Equal(one.GetProperty("version").GetInt32(), batch.Closed is null ? 1 : 2);
        }

        Assert.True(MetricBatch.TryDecode(Bytes(file, "deflated"), out var compressed));
        Assert.Equal(file.GetProperty("metrics")[0].GetProperty("hex").GetString(), Hex(Plain.Of(output => MetricBatchWriter.Write(compressed, output))));
        foreach (var one in Each(file, "refusedMetrics"))
        {
            Assert.False(MetricBatch.TryDecode(Bytes(one, "hex"), out _), Why(one));
        }

        foreach (var one in Each(file, "refusedLogs"))
        {
            Assert.False(LogBatch.TryDecode(Bytes(one, "hex"), out _), Why(one));
        }

        foreach (var one in Each(file, "refusedEvents"))
        {
            Assert.False(EventBatch.TryDecode(Bytes(one, "hex"), out _), Why(one));
        }
    }

    private static JsonObject Metrics(string why, MetricBatch batch) => new()
    {
        ["why"] = why,
        ["bootId"] = batch.BootId.ToString(),
        ["wallUnixMs"] = batch.WallUnixMs,
        ["monoMs"] = batch.MonoMs,
        ["series"] = Array(batch.Series.Select(static series => new JsonObject
        {
            ["name"] = series.Name,
            ["unit"] = series.Unit,
            ["kind"] = (int)series.Kind,
            ["attributes"] = Pairs(series.Attributes),
            ["points"] = new JsonArray([.. series.Points.Select(static point => new JsonArray(point.MonoMs, Bits(point.Value)))]),
        })),
        ["hex"] = Hex(Plain.Of(output => MetricBatchWriter.Write(batch, output))),
    };

    private static JsonObject Events(string why, EventBatch batch) => new()
    {
        ["why"] = why,
        ["version"] = batch.Closed is null ? 1 : 2,
        ["closed"] = batch.Closed is { } closed ? Moment(closed) : null,
        ["events"] = Array(batch.Events.Select(static one => new JsonObject
        {
            ["time"] = one.Ms,
            ["name"] = one.Name,
            ["severity"] = one.Severity,
            ["attributes"] = Pairs(one.Attributes),
        })),
        ["hex"] = Hex(Plain.Of(output => Write(batch, output))),
    };

    private static JsonObject Moment(BootTime time) => new()
    {
        ["bootId"] = time.BootId.ToString(),
        ["wallUnixMs"] = time.WallUnixMs,
        ["monoMs"] = time.MonoMs,
    };

    private static SeriesBatch Missing { get; } = new(
        null, null, 5, [new SeriesEntry(7, Samples.KnownSeries(9)!, 3)],
        [new SeriesColumn(1, Samples.KnownSeries(9)!, [new(1, 1)]), new SeriesColumn(2, Samples.KnownSeries(9)!, [new(1, 1)]), new SeriesColumn(9, Samples.KnownSeries(9)!, [new(1, 1)])]);

    private static void VerifySeries(JsonElement file)
    {
        var known = Each(file, "knownSeries").ToDictionary(static one => one.GetProperty("id").GetUInt32(), static one =>
            SeriesDefinition.TryDecode(Bytes(one, "definition"), out var definition) ? definition : null);
        foreach (var one in Each(file, "series"))
        {
            Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(Bytes(one, "hex"), id => known.GetValueOrDefault(id), out var batch, out _));
            Assert.Equal(one.GetProperty("columns").GetArrayLength(), batch!.Columns.Count);
            foreach (var (expected, actual) in Each(one, "columns").Zip(batch.Columns))
            {
                Assert.Equal((expected.GetProperty("id").GetUInt32(), expected.GetProperty("name").GetString()), (actual.Id, actual.Definition.Name));
                Assert.Equal(
                    Each(expected, "points").Select(static point => (point[0].GetInt64(), point[1].GetString()!)),
                    actual.Points.Select(static point => (point.MonoMs, Bits(point.Value))));
            }
        }

        var gap = file.GetProperty("missingSeries");
        Assert.Equal(SeriesBatchResult.UnknownSeries, SeriesBatch.TryDecode(Bytes(gap, "hex"), id => known.GetValueOrDefault(id), out _, out var missing));
        Assert.Equal(Each(gap, "missing").Select(static id => id.GetUInt32()), missing);
        foreach (var one in Each(file, "refusedSeries"))
        {
            var result = SeriesBatch.TryDecode(Bytes(one, "hex"), id => known.GetValueOrDefault(id), out _, out _);
            Assert.True(result is SeriesBatchResult.Malformed or SeriesBatchResult.Redefined, Why(one));
        }
    }

    private static JsonObject Series(string why, SeriesBatch batch) => new()
    {
        ["why"] = why,
        ["bootId"] = batch.BootId?.ToString(),
        ["wallUnixMs"] = batch.WallUnixMs,
        ["monoMs"] = batch.MonoMs,
        ["columns"] = Array(batch.Columns.Select(static column => new JsonObject
        {
            ["id"] = column.Id,
            ["name"] = column.Definition.Name,
            ["points"] = new JsonArray([.. column.Points.Select(static point => new JsonArray(point.MonoMs, Bits(point.Value)))]),
        })),
        ["hex"] = Hex(Plain.Of(output => new SeriesBatchWriter().Write(batch, output))),
    };

    private static IEnumerable<JsonObject> RefusedSeries()
    {
        // 00 86 02 boot wall mono definitions columns; columns of zeros alone are no bytes: no series, no times.
        const string Head = "008602f6f605";
        const string Four = "8604" + "6178" + "6131" + "00" + "80" + "00";
        Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(Convert.FromHexString(Head + "80" + "40"), static _ => null, out _, out _));
        Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(Convert.FromHexString(Head + "81" + Four + "40"), static _ => null, out _, out _));
        yield return Entry("version 3", "008603" + Head[6..] + "80" + "40");
        yield return Entry("five fields", "008502" + Head[6..] + "80");
        yield return Entry("columns that end with a zero", Head + "80" + "4100");
        yield return Entry("bytes behind the columns' end", Head + "80" + "46" + "000000000001");
        yield return Entry("a number with another meaning", Head + "81" + Four + "40");
        yield return Entry("a number twice", Head + "82" + Four.Replace("8604", "8605", StringComparison.Ordinal) + Four.Replace("8604", "8605", StringComparison.Ordinal) + "40");
        yield return Entry("number 73728", Head + "81" + Four.Replace("8604", "861a00012000", StringComparison.Ordinal) + "40");
        yield return Entry("kind 3", Head + "81" + Four.Replace("008000", "038000", StringComparison.Ordinal) + "40");
        yield return Entry("scale 63", Head + "81" + Four.Replace("008000", "0080183f", StringComparison.Ordinal) + "40");
        yield return Entry("a definition of four fields", Head + "81" + "8405040080" + "40");
        yield return Entry("like a number of another batch", Head + "81" + "83051a0001000081616d" + "40");
        yield return Entry("like a series with another number of attributes", Head + "81" + "83050482616d616d" + "40");
        yield return Entry("no points", Head + "80" + Columns((0, 1), (1, 4), (0, 1), (0, 0)));
        yield return Entry("a number of another batch", Head + "80" + Columns((0, 1), (1, SeriesBatch.MaxKept)));
        yield return Entry("a time before the boot", Head + "80" + Columns((0, 1), (1, 4), (0, 1), (0, 1), (2, VarInt.ZigZag(-6))));

        // Numbers with the model of each: 0 counts, 1 ids, 2 times.
        static string Columns(params (int Model, ulong Value)[] numbers)
        {
            var coder = new RangeEncoder();
            coder.Begin();
            NumberModel[] models = [new(), new(), new()];
            foreach (var (model, value) in numbers)
            {
                coder.Number(models[model], value);
            }

            var bytes = coder.Finish();
            return Hex([(byte)(0x40 + bytes.Length), .. bytes]);
        }
    }

    private static JsonObject Logs(string why, LogBatch batch) => new()
    {
        ["why"] = why,
        ["version"] = batch.EarlierBoots is null ? 1 : 2,
        ["earlierBoots"] = batch.EarlierBoots is { } earlier ? Array(earlier.Select(Moment)) : null,
        ["bootId"] = batch.BootId.ToString(),
        ["wallUnixMs"] = batch.WallUnixMs,
        ["monoMs"] = batch.MonoMs,
        ["entries"] = Array(batch.Entries.Select(static entry => new JsonObject
        {
            ["time"] = entry.Ms,
            ["boot"] = entry.Boot,
            ["severity"] = entry.Severity,
            ["sourceKind"] = (int)entry.Source.Kind,
            ["source"] = entry.Source.Name,
            ["body"] = entry.Body,
            ["attributes"] = Pairs(entry.Attributes),
        })),
        ["hex"] = Hex(Plain.Of(output => LogBatchWriter.Write(batch, output))),
    };

    private static IEnumerable<double[]> Columns()
    {
        yield return [0];
        yield return [1, 2, 3, -5];
        yield return [0.1, 0.2, 0.3];
        yield return [12.5, -12.75];
        yield return [1e-9, 1];
        yield return [9007199254740992, -9007199254740992];
        yield return [9007199254740994];
        yield return [-0.0];
        yield return [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        yield return [Math.PI, double.Epsilon, double.MaxValue];
    }

    private static JsonObject Column(double[] values)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var encoding = ValueColumn.Write(values, output);
        return new JsonObject
        {
            ["values"] = new JsonArray([.. values.Select(static value => JsonValue.Create(Bits(value)))]),
            ["encoding"] = encoding,
            ["column"] = Hex(output.WrittenSpan),
        };
    }

    private static IEnumerable<JsonObject> RefusedMetrics()
    {
        // 00 86 01 50 boot(16) f6 05 times series
        const string Head = "0086015021212121212121212121212121212121f605";
        Assert.True(MetricBatch.TryDecode(Convert.FromHexString(Head + "410581" + Series("00", "f6", "4102")), out _));
        Assert.True(MetricBatch.TryDecode(Convert.FromHexString(Head + "42050181" + Series("09", "4101", "4102")), out _));
        Assert.True(MetricBatch.TryDecode(Convert.FromHexString(Head + "410581" + Series("00", "f6", "488080808080808020")), out _));
        yield return Entry("no envelope", "");
        yield return Entry("compression 1", "01" + Head[2..] + "410581" + Series("0", "f6", "4102"));
        yield return Entry("a DEFLATE stream that is none", "02ffffffff");
        yield return Entry("a DEFLATE stream that is cut off", Deflated[..^2]);
        yield return Entry("a byte after a DEFLATE stream", Deflated + "00");
        yield return Entry("a byte after it", Head + "410581" + Series("00", "f6", "4102") + "00");
        yield return Entry("times that do not rise", Head + "42050081" + Series("00", "f6", "420202"));
        yield return Entry("a time not in shortest form", Head + "42850081" + Series("00", "f6", "4102"));
        yield return Entry("a time cut off", Head + "418581" + Series("00", "f6", "4102"));
        yield return Entry("kind 3", Head + "410581" + Series("00", "f6", "4102").Replace("61310080", "61310380", StringComparison.Ordinal));
        yield return Entry("encoding 10", Head + "410581" + Series("0a", "f6", "4102"));
        yield return Entry("a value too few", Head + "42050181" + Series("00", "f6", "4102"));
        yield return Entry("a value too many", Head + "410581" + Series("00", "f6", "420202"));
        yield return Entry("a value above 2^53", Head + "410581" + Series("00", "f6", "488280808080808020"));
        yield return Entry("no values", Head + "4081" + Series("00", "f6", "40"));
        yield return Entry("presence of no time", Head + "42050181" + Series("00", "4100", "40"));
        yield return Entry("presence of every time", Head + "42050181" + Series("00", "4103", "420202"));
        yield return Entry("presence beyond the times", Head + "42050181" + Series("00", "4105", "420202"));
        yield return Entry("presence of another length", Head + "42050181" + Series("00", "420100", "4102"));
        yield return Entry("attributes of odd number", Head + "410581" + Series("00", "f6", "4102").Replace("61310080", "613100816161", StringComparison.Ordinal));

        // [name "x", unit "1", kind 0, attributes [], encoding, presence, values]
        static string Series(string encoding, string presence, string values) => "87617861310080" + encoding.PadLeft(2, '0') + presence + values;
    }

    private static IEnumerable<JsonObject> RefusedLogs()
    {
        // 00 8a 01 50 boot(16) f6 05 [[0, "f"]] times severities sources bodies attributes
        const string Head = "008a015021212121212121212121212121212121f605" + "8182006166";
        Assert.True(LogBatch.TryDecode(Convert.FromHexString(Head + "4102" + "4109" + "4100" + "816162" + "f6"), out _));
        Assert.True(LogBatch.TryDecode(Convert.FromHexString(Head + "4102" + "4118" + "4100" + "816162" + "8180"), out _));
        yield return Entry("a source that is not there", Head + "4102" + "4109" + "4101" + "816162" + "f6");
        yield return Entry("severity 25", Head + "4102" + "4119" + "4100" + "816162" + "f6");
        yield return Entry("a time below 0", Head + "4101" + "4109" + "4100" + "816162" + "f6");
        yield return Entry("a time too many", Head + "420202" + "4109" + "4100" + "816162" + "f6");
        yield return Entry("a body too many", Head + "4102" + "4109" + "4100" + "8261626162" + "f6");
        yield return Entry("attributes of another number of lines", Head + "4102" + "4109" + "4100" + "816162" + "828080");
        yield return Entry("a source of kind 2", Head.Replace("8182006166", "8182026166", StringComparison.Ordinal) + "4102" + "4109" + "4100" + "816162" + "f6");
        yield return Entry("a body that is not UTF-8", Head + "4102" + "4109" + "4100" + "8161ff" + "f6");

        // 00 8c 02 50 boot(16) f6 05 [boots] indexes [[0, "f"]] ...
        const string Head2 = "008c025021212121212121212121212121212121f605";
        const string Boots = "81835022222222222222222222222222222222f603";
        const string Line = "8182006166" + "4102" + "4109" + "4100" + "816162" + "f6";
        Assert.True(LogBatch.TryDecode(Convert.FromHexString(Head2 + Boots + "4101" + Line), out _));
        Assert.True(LogBatch.TryDecode(Convert.FromHexString(Head2 + "80" + "f6" + Line), out _));
        yield return Entry("version 2: a boot that is not there", Head2 + Boots + "4102" + Line);
        yield return Entry("version 2: zeros for null", Head2 + Boots + "4100" + Line);
        yield return Entry("version 2: no bytes for null", Head2 + Boots + "40" + Line);
        yield return Entry("version 2: of another number of lines", Head2 + Boots + "420101" + Line);
        yield return Entry("version 2: a boot of two fields", Head2 + Boots.Replace("8183", "8182", StringComparison.Ordinal) + "4101" + Line);
        yield return Entry("version 2 with the fields of version 1", Head.Replace("008a01", "008a02", StringComparison.Ordinal) + "4102" + "4109" + "4100" + "816162" + "f6");
        yield return Entry("version 1 with the fields of version 2", Head2.Replace("008c02", "008c01", StringComparison.Ordinal) + Boots + "4101" + Line);
        yield return Entry("version 3", Head2.Replace("008c02", "008c03", StringComparison.Ordinal) + Boots + "4101" + Line);
    }

    private static IEnumerable<JsonObject> RefusedEvents()
    {
        // 00 85 02 50 boot(16) f6 05 [[time, "x", 9, []]]
        const string Head = "0085025021212121212121212121212121212121f605";
        Assert.True(EventBatch.TryDecode(Convert.FromHexString(Head + "8184046178" + "0980"), out _));
        Assert.True(EventBatch.TryDecode(Convert.FromHexString("00820181" + "84f66178" + "0980"), out _));
        yield return Entry("version 2: an event without a time", Head + "8184f66178" + "0980");
        yield return Entry("version 2: without its moment", "00820281" + "84046178" + "0980");
        yield return Entry("version 1 with a moment", Head.Replace("008502", "008501", StringComparison.Ordinal) + "8184046178" + "0980");
        yield return Entry("version 3", Head.Replace("008502", "008503", StringComparison.Ordinal) + "8184046178" + "0980");
        yield return Entry("severity 25", Head + "8184046178" + "181980");
        yield return Entry("a byte after it", Head + "8184046178" + "098000");
    }

    private static JsonObject Entry(string why, string hex) => new() { ["why"] = why, ["hex"] = hex };

    private static JsonArray Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        [.. pairs.Select(static pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })];

    private static string Bits(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Hex(bytes);
    }

    private static void Write(EventBatch batch, System.Buffers.IBufferWriter<byte> output) => batch.Write(output);
}
