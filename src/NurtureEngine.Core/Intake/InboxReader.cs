using NurtureEngine.Core.Intake.HubSpot;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Intake;

/// <summary>Reads what the inbox keeps, by who sent it. Its shape was checked before it was stored.</summary>
public static class InboxReader
{
    /// <exception cref="InvalidDataException">The body no longer has the shape it was accepted with; the message says where.</exception>
    public static IntakeEvent Read(string source, byte[] body, Rulebook rulebook) =>
        source switch
        {
            EngineEvents.Source => EngineEvents.Read(body),
            _ when WeChatEvent.IsSource(source) => WeChatEvent.Read(source, body),
            HubSpotEvent.Source => HubSpotEvent.Read(body, rulebook.HubSpot),
            _ => CrmEventReader.TryRead(source, body, out var faults)
                ?? throw new InvalidDataException(
                    $"The event no longer has the shape it was accepted with: {faults[0].Place}."
                ),
        };
}
