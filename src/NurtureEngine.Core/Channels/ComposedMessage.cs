using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Channels;

/// <summary>What a message is made of: the touch, what the gate knows of it, the track that planned it, and its content.</summary>
public sealed record ChannelSubject(TouchId Touch, long LeadId, GateView View, Track Track, Content Content);

/// <summary>A message that is ready to leave; each channel adds its own form of it.</summary>
/// <param name="Touch">The touch that it is.</param>
/// <param name="LeadId">The lead that it is for.</param>
/// <param name="Address">The key of the address that it goes to.</param>
/// <param name="Kept">The message as it is kept.</param>
/// <param name="Links">Where its links lead, by ordinal.</param>
public abstract record ComposedMessage(TouchId Touch, long LeadId, string Address, RenderedEmail Kept, string[] Links);
