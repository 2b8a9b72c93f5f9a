using System.Collections.Frozen;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Branches;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Activities.Triggers;
using NurtureEngine.Core.Tracks.Activities.Waits;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>Every activity that a definition may use.</summary>
public static class ActivityTypes
{
    public static FrozenDictionary<string, ActivityType> All { get; } =
        new[]
        {
            Flowchart.Type,
            Sequence.Type,
            Start.Type,
            End.Type,
            Finish.Type,
            FlowNode.Type,
            FlowDecision.Type,
            FlowSwitch.Type,
            FlowFork.Type,
            FlowJoin.Type,
            If.Type,
            Delay.Type,
            StartAt.Type,
            SetVariable.Type,
            Fault.Type,
            WriteLine.Type,
            LeadStageChanged.Type,
            LeadCreated.Type,
            BranchByRole.Type,
            BranchByTier.Type,
            BranchByStage.Type,
            BranchByCompanySize.Type,
            SplitTest.Type,
            BranchByCriterion.Type,
            UpdateLead.Type,
            AdjustScore.Type,
            AddEvidence.Type,
            MoveToTrack.Type,
            ExitTrack.Type,
            Goal.Type,
            FormSubmitted.Type,
            WeChatFollowed.Type,
            ScoreReached.Type,
            SalesRecycled.Type,
            LeadSilent.Type,
            DateReached.Type,
            LinkClicked.Type,
            Event.Type,
            WaitForSlot.Type,
            WaitForEngagement.Type,
            WaitForReply.Type,
            WaitForEvent.Type,
            SendEmail.Type,
            ContentPool.Type,
            CreateCallTask.Type,
            HandOffToSales.Type,
            CallWebhook.Type,
        }.ToFrozenDictionary(type => type.TypeName, StringComparer.Ordinal);
}
