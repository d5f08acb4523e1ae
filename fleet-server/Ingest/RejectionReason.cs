namespace Messaging.FleetServer.Ingest;

/// <summary>Why a publication changed nothing. The words are stored and shown; the documentation explains each.</summary>
internal static class RejectionReason
{
    /// <summary>The frame of one device came on another's topic, or names another sender inside.</summary>
    public const string ReAddressed = "re-addressed";

    /// <summary>A signature or an authentication tag is wrong.</summary>
    public const string Tampered = "tampered";

    /// <summary>It was stored before. Devices cause it too, when an acknowledgement was lost.</summary>
    public const string Replayed = "replayed";

    /// <summary>It is not a whole frame.</summary>
    public const string Truncated = "truncated";

    /// <summary>Its epoch was never opened here. The device is asked for the opening.</summary>
    public const string UnknownEpoch = "unknown-epoch";

    /// <summary>An opening with a number that is over, or that another epoch has.</summary>
    public const string StaleEpoch = "stale-epoch";

    /// <summary>An opening that is not sealed to a key of this server.</summary>
    public const string NotForThisServer = "not-for-this-server";

    /// <summary>More openings than a device can have left unfinished.</summary>
    public const string TooManyEpochs = "too-many-epochs";

    /// <summary>Further ahead than the window reaches. The device sends it again.</summary>
    public const string TooFarAhead = "too-far-ahead";

    /// <summary>Authentic, but not what its type says. Acknowledged and recorded as a gap.</summary>
    public const string Undecodable = "undecodable";

    /// <summary>Authentic, but of a type that this version does not know. Acknowledged and recorded as a gap.</summary>
    public const string UnknownType = "unknown-type";

    /// <summary>Authentic, but larger than allowed once decompressed. Acknowledged and recorded as a gap.</summary>
    public const string DecompressionBomb = "decompression-bomb";

    /// <summary>More than the device's share at this moment. The device sends it again.</summary>
    public const string Flood = "flood";

    /// <summary>Points of series beyond the number that one device may have.</summary>
    public const string TooManySeries = "too-many-series";

    /// <summary>Numbers of series of which the meaning is not known here. The device is asked for it, and sends the record again.</summary>
    public const string UnknownSeries = "unknown-series";

    /// <summary>The same, and the device does not know the meaning any more either. Acknowledged and recorded as a gap.</summary>
    public const string SeriesLost = "series-lost";

    /// <summary>A number of a series was given another meaning. Acknowledged and recorded as a gap.</summary>
    public const string SeriesRedefined = "series-redefined";

    /// <summary>From a device that was revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>A report of a command that the server did not send.</summary>
    public const string UnknownCommand = "unknown-command";

    /// <summary>A record of executed commands that the device's identity key did not sign, or another device's.</summary>
    public const string ExecutionsNotSigned = "executions-not-signed";

    /// <summary>A receipt of an update that the device's identity key did not sign, or another device's.</summary>
    public const string UpdateReceiptNotSigned = "update-receipt-not-signed";

    /// <summary>New keys that the current key did not sign, or with an old number.</summary>
    public const string KeyUpdateRefused = "key-update-refused";

    /// <summary>The store refused it again and again. Not acknowledged.</summary>
    public const string Unstorable = "unstorable";

    /// <summary>A part of a file for which there is no room, or which the disk refused. Not acknowledged: the device sends it again.</summary>
    public const string FileStorage = "file-storage";

    /// <summary>A chunk of a file that nobody announced. Acknowledged and recorded as a gap; the device begins anew.</summary>
    public const string FileUnknown = "file-unknown";

    /// <summary>A file announced under the id of another one. Acknowledged and recorded as a gap.</summary>
    public const string FileConflict = "file-conflict";

    /// <summary>Words of a device that has used too many different ones.</summary>
    public const string Other = "other";
}
