using System.Diagnostics.CodeAnalysis;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Twin;

/// <summary>The wire form of <see cref="DesiredState"/>. Everything that a name or value must be is looked at here, both ways.</summary>
internal static class DesiredCodec
{
    public static void Write(ref CborWriter writer, DesiredState state)
    {
        if (state.Version is 0 or > DesiredState.MaxVersion || state.Count > DesiredState.MaxProperties)
        {
            throw new InvalidOperationException($"A desired state has a version from 1 and at most {DesiredState.MaxProperties} properties.");
        }

        writer.WriteArrayHead(5);
        writer.WriteUInt64(state.Version);
        writer.WriteArrayHead(state.Settings.Count);
        var last = "";
        foreach (var setting in state.Settings)
        {
            Demand(TwinText.IsSetting(setting.Key) && TwinText.IsSettingValue(setting.Value), ref last, setting.Key);
            writer.WriteArrayHead(2);
            writer.WriteText(setting.Key);
            writer.WriteText(setting.Value);
        }

        writer.WriteArrayHead(state.Files.Count);
        last = "";
        foreach (var file in state.Files)
        {
            Demand(TwinText.IsPath(file.Path) && file.Mode is >= 0 and <= FileWriteArguments.MaxMode && file.Bytes.Length <= FileReadArguments.MaxBytes, ref last, file.Path);
            writer.WriteArrayHead(3);
            writer.WriteText(file.Path);
            writer.WriteUInt64((ulong)file.Mode);
            writer.WriteBytes(file.Bytes.Span);
        }

        writer.WriteArrayHead(state.Units.Count);
        last = "";
        foreach (var unit in state.Units)
        {
            Demand(TwinText.IsUnit(unit), ref last, unit);
            writer.WriteText(unit);
        }

        writer.WriteArrayHead(state.App.Count);
        last = "";
        foreach (var app in state.App)
        {
            Demand(TwinText.IsApp(app.Name), ref last, app.Name);
            writer.WriteArrayHead(2);
            writer.WriteText(app.Name);
            app.Value.Write(ref writer);
        }
    }

    public static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out DesiredState? state)
    {
        state = null;
        if (!reader.TryReadArray(5)
            || !reader.TryReadUInt64(out var version, DesiredState.MaxVersion)
            || version == 0
            || !TryReadSettings(ref reader, out var settings)
            || !TryReadFiles(ref reader, out var files)
            || !TryReadUnits(ref reader, out var units)
            || !TryReadApp(ref reader, out var app)
            || settings.Length + files.Length + units.Length + app.Length > DesiredState.MaxProperties)
        {
            return false;
        }

        state = new DesiredState(version, settings, files, units, app);
        return true;
    }

    private static bool TryReadSettings(ref CborReader reader, out DesiredSetting[] settings)
    {
        settings = [];
        if (!reader.TryReadArrayHead(out var count, DesiredState.MaxProperties))
        {
            return false;
        }

        var read = new DesiredSetting[count];
        var last = "";
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadText(out var key, TwinText.MaxNameBytes)
                || !TwinText.IsSetting(key)
                || !Ascends(ref last, key)
                || !reader.TryReadText(out var value, TwinText.MaxSettingBytes)
                || !TwinText.IsSettingValue(value))
            {
                return false;
            }

            read[i] = new DesiredSetting(key, value);
        }

        settings = read;
        return true;
    }

    private static bool TryReadFiles(ref CborReader reader, out DesiredFile[] files)
    {
        files = [];
        if (!reader.TryReadArrayHead(out var count, DesiredState.MaxProperties))
        {
            return false;
        }

        var read = new DesiredFile[count];
        var last = "";
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(3)
                || !reader.TryReadText(out var path, TwinText.MaxPathBytes)
                || !TwinText.IsPath(path)
                || !Ascends(ref last, path)
                || !reader.TryReadInt32(out var mode, FileWriteArguments.MaxMode)
                || !reader.TryReadBytes(out var bytes, FileReadArguments.MaxBytes))
            {
                return false;
            }

            read[i] = new DesiredFile(path, mode, bytes.ToArray());
        }

        files = read;
        return true;
    }

    private static bool TryReadUnits(ref CborReader reader, out string[] units)
    {
        units = [];
        if (!reader.TryReadArrayHead(out var count, DesiredState.MaxProperties))
        {
            return false;
        }

        var read = new string[count];
        var last = "";
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadText(out var unit, TwinText.MaxUnitBytes) || !TwinText.IsUnit(unit) || !Ascends(ref last, unit))
            {
                return false;
            }

            read[i] = unit;
        }

        units = read;
        return true;
    }

    private static bool TryReadApp(ref CborReader reader, out DesiredApp[] app)
    {
        app = [];
        if (!reader.TryReadArrayHead(out var count, DesiredState.MaxProperties))
        {
            return false;
        }

        var read = new DesiredApp[count];
        var last = "";
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadText(out var name, TwinText.MaxNameBytes)
                || !TwinText.IsApp(name)
                || !Ascends(ref last, name)
                || !AppValue.TryRead(ref reader, out var value))
            {
                return false;
            }

            read[i] = new DesiredApp(name, value);
        }

        app = read;
        return true;
    }

    private static bool Ascends(ref string last, string name)
    {
        var ascends = TwinText.Compare(last, name) < 0;
        last = name;
        return ascends;
    }

    private static void Demand(bool isRight, ref string last, string name)
    {
        if (!isRight || !Ascends(ref last, name))
        {
            throw new InvalidOperationException($"'{name}' is not what a desired state may have, is too long, or is there twice.");
        }
    }
}
