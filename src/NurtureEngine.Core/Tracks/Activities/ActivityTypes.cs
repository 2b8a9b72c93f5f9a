using System.Collections.Frozen;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>Every activity that a definition may use.</summary>
public static class ActivityTypes
{
    public static FrozenDictionary<string, ActivityType> All { get; } =
        new[] { LeadStageChanged.Type, SendEmail.Type, Delay.Type, End.Type }.ToFrozenDictionary(
            type => type.TypeName,
            StringComparer.Ordinal
        );
}
