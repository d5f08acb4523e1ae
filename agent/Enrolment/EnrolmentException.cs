namespace Messaging.Agent.Enrolment;

/// <summary>Enrolment cannot go on; the message says what is wrong and what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">Its cause.</param>
/// <param name="mayPass">The network or a busy server: the same may work later.</param>
internal sealed class EnrolmentException(string message, Exception? inner = null, bool mayPass = false) : Exception(message, inner)
{
    public bool MayPass => mayPass;
}
