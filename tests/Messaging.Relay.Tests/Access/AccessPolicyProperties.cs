using CsCheck;
using Messaging.Relay.Access;
using Messaging.Wire;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Access;

/// <summary>
/// What holds for every topic, not only for those that somebody thought of. Topics are put together from pieces of real
/// ones, so that near misses are common.
/// </summary>
public sealed class AccessPolicyProperties
{
    private const long Cases = 20_000;

    private static readonly PrincipalId[] Ids =
    [
        PrincipalId.Parse("00112233445566778899aabbccddeeff"),
        PrincipalId.Parse("ffeeddccbbaa99887766554433221100"),
        PrincipalId.Parse("0123456789abcdef0123456789abcdef"),
    ];

    private static readonly Gen<string> Pieces = Gen.OneOf(
        AnyOf("m1", "d", "g", "up", "down", "relay", "directory", "ack", "stats", "presence", "+", "#", "$share", "$SYS", "", "\0"),
        AnyOf(Ids).Select(id => id.ToString()),
        AnyOf(Ids).Select(id => id.ToString().ToUpperInvariant()),
        Gen.String[0, 4]);

    private static readonly Gen<string> AnyTopic = Gen.OneOf(
        Pieces.Array[0, 6].Select(pieces => string.Join('/', pieces)),
        Gen.Select(AnyOf("m1/d/", "m1/g/"), AnyOf(Ids), AnyOf("/up", "/down", "/up ", "/down/"))
            .Select((prefix, id, suffix) => $"{prefix}{id}{suffix}"));

    private static readonly Gen<AccessSubject> AnySubject = Gen.Select(AnyOf(Ids), Gen.Bool, AnyOf(Ids).Array[0, 2])
        .Select((id, isControl, groups) => new AccessSubject(id, isControl, groups.ToHashSet()));

    [Fact]
    public void Publish_OfADevice_GoesToItsOwnUplinkOrNowhere() =>
        Gen.Select(AnySubject, AnyTopic).Where((subject, _) => !subject.IsControl).Sample(
            (subject, topic) =>
            {
                var isOwn = topic == Topics.Up(subject.Id);
                return AccessPolicy.Publish(subject, topic) == (isOwn ? new PublishGrant(PublishTarget.Control, subject.Id) : default);
            },
            iter: Cases);

    [Fact]
    public void Publish_OfControl_NamesExactlyTheTopicItGoesTo() =>
        Gen.Select(AnySubject, AnyTopic).Where((subject, _) => subject.IsControl).Sample(
            (subject, topic) =>
            {
                var grant = AccessPolicy.Publish(subject, topic);
                return grant.Target switch
                {
                    PublishTarget.Device => topic == Topics.Down(grant.Id),
                    PublishTarget.Group => topic == Topics.GroupDown(grant.Id),
                    PublishTarget.Directory => topic == Topics.Directory,
                    PublishTarget.Refused => !Array.Exists(Ids, id => topic == Topics.Down(id) || topic == Topics.GroupDown(id)) && topic != Topics.Directory,
                    _ => false,
                };
            },
            iter: Cases);

    [Fact]
    public void Subscribe_OfADevice_IsGrantedForItsDownlinksAlone() =>
        Gen.Select(AnySubject, AnyTopic, Gen.Enum<MqttQualityOfServiceLevel>()).Where((subject, _, _) => !subject.IsControl).Sample(
            (subject, filter, qos) =>
            {
                var isHers = filter == Topics.Down(subject.Id) || subject.Groups.Any(group => filter == Topics.GroupDown(group));
                return AccessPolicy.Subscribe(subject, filter, qos) < MqttSubscribeReasonCode.UnspecifiedError == isHers;
            },
            iter: Cases);

    [Fact]
    public void Subscribe_WithWildcard_IsNeverGrantedToADevice() =>
        Gen.Select(AnySubject, AnyTopic, AnyOf('+', '#')).Where((subject, _, _) => !subject.IsControl).Sample(
            (subject, filter, wildcard) =>
                AccessPolicy.Subscribe(subject, filter + wildcard, MqttQualityOfServiceLevel.AtLeastOnce) >= MqttSubscribeReasonCode.UnspecifiedError,
            iter: Cases);

    private static Gen<T> AnyOf<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(index => items[index]);
}
