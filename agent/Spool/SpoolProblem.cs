namespace Messaging.Agent.Spool;

/// <summary>Something that an operator should see.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Detail">One line, without any content of records.</param>
/// <param name="Count">Bytes or records, as the kind says.</param>
internal readonly record struct SpoolProblem(SpoolProblemKind Kind, string Detail, long Count);
