namespace Messaging.Agent.Disk;

/// <summary>Bytes of a file system.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What this user may still write.</param>
internal readonly record struct DiskSpace(long Total, long Free);
