using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Facts;

/// <summary>A lead's way into a track; the store enrolls it once per occasion and never twice at a time.</summary>
public sealed record NewEnrollment(
    ExternalKey Lead,
    int TrackId,
    TrackVersionId Version,
    string Occasion,
    string Cause,
    Standing Standing
);

/// <summary>A lead's way out of a track version, or (null) out of all; with the stage that ended it, null where none did.</summary>
public sealed record TrackExit(ExternalKey Lead, TrackVersionId? Version, string Code, string? Stage = null);

/// <summary>
/// A signal to the enrollments of a lead: all of them, that of a touch of the engine that it answers, or a given one.
/// </summary>
public sealed record SignalFor(ExternalKey Lead, Signal Signal, Guid? Touch, EnrollmentId? Enrollment);
