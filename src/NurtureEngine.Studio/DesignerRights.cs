using System.Security.Claims;

namespace NurtureEngine.Studio;

/// <summary>What the host knows of those who use the designer.</summary>
/// <param name="MayDesign">Whether they may change tracks.</param>
/// <param name="ActorOf">By what name their acts are recorded: a user name, or <c>key/</c> and the name of an API key.</param>
public sealed record DesignerRights(Func<ClaimsPrincipal, bool> MayDesign, Func<ClaimsPrincipal, string> ActorOf);
