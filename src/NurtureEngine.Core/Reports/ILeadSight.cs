using System.Security.Claims;

namespace NurtureEngine.Core.Reports;

/// <summary>Says which leads whoever asks may see. It is asked at each look, so that a change counts at once.</summary>
public interface ILeadSight
{
    /// <summary>The reach of somebody who is signed in, or of a key.</summary>
    Task<LeadReach> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
