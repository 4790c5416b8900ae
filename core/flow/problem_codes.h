// FlowProblem: one mistake in a flow file or a profile, with its place. Codes and arguments, no sentences:
// core/viewmodel/describe turns them into text. Each code below says what its fields hold and which sentence
// helps; `found` is what the file says, `expected` what it may say instead, `suggestion` the closest of them
// (empty if none is close). Value type, any thread.
#pragma once

#include "core/base/enum_names.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace muster {

enum class FlowProblemCode : std::uint8_t {
    // The file as text
    FileTooLarge,     // found: bytes; expected: [most bytes]
    NotUtf8,          // found: byte offset
    EmptyFile,        // expected: a smallest flow
    YamlSyntax,       // found: the parser's message; expected: often "quote text that holds ': ' or '#'"
    TabIndent,        // a tab in the indentation; write spaces
    TooDeep,          // expected: [most levels]
    TooManyNodes,     // also what aliases expand to; expected: [most nodes]
    SeveralDocuments, // a second "---"
    DuplicateKey,     // found: key; expected: [line of the first]
    // Keys and values
    UnknownKey,         // found: key; expected: keys allowed here
    NotInThisVersion,   // found: key or word that a later version knows
    MissingKey,         // found: key that is missing
    WrongType,          // found: what it is (text, number, boolean, list, map, nothing); expected: [wanted]
    InvalidChoice,      // found: word; expected: words allowed
    UnsupportedVersion, // `muster:`; found: number; expected: ["1"]
    InvalidDuration,    // found: text; expected: ["90s", "20m", "2h30m", "2d"]
    OutOfRange,         // found: number; expected: [lowest, highest]
    InvalidName,        // found: name; expected: [pattern in words]
    TooLong,            // found: characters; expected: [most]
    EmptyValue,         // text or list that must not be empty; found: key
    // Steps
    NoStepKind,             // none of prompt, run, approval; expected: those
    SeveralStepKinds,       // found: second key; expected: [first key]
    KeyNotForKind,          // found: key; expected: kinds that have it
    DuplicateStep,          // found: id; expected: [line of the first]
    UnknownStep,            // in needs or from; found: id; expected: all ids
    SelfNeed,               // found: id
    DuplicateNeed,          // found: id
    Cycle,                  // found: "a -> b -> a"; a jump counts as a need of the step it leads to
    StepElsewhere,          // found: id of a step within a loop, or of `finally`, that is not for this one
    SwitchWithoutCases,     // found: id
    DuplicateCase,          // found: label
    CaseNeverTaken,         // found: label; expected: [the one before it that is always taken]
    ThenWithoutNeed,        // found: id in `then` that does not need the switch; expected: [id of the switch]
    JumpTargetNeeds,        // `goto` to a step with needs; found: its id
    LoopWithoutEnd,         // neither `until` nor `max`; found: id
    GroupMemberTwice,       // found: id; expected: [the first group]
    GroupMemberBatch,       // a step with a batch in a group with a limit; found: id
    FromNotANeed,           // found: id; expected: the step's needs
    FromForeach,            // found: id; a foreach has many worktrees
    FromWithoutOwnWorktree, // `from` on an agent step whose isolation is not step, or of a step without one
    ForeachKeyWithoutForeach, // found: as or join
    ForeachSharesWorktree,    // foreach with `isolation: run`; expected: ["step", "none"]
    UnknownProfile,           // found: name; expected: known names
    UnknownRuntime,           // found: name; expected: known names
    UnknownBatch,             // found: name; expected: declared batches
    // Flows within flows
    UnknownFlow,        // found: name; expected: known names
    FlowHasProblems,    // found: name; expected: [path:line:column of the first]
    FlowCircle,         // found: "a -> b -> a"
    FlowTooDeep,        // found: name; expected: [most flows one within the other]
    UnknownFlowInput,   // found: input that the flow does not declare; expected: those that it does
    MissingFlowInput,   // found: input without a default; expected: [the flow]
    FlowInputNotOfType, // found: value; expected: [type] or the choices
    // Merge steps
    MergeIntoMuster, // `into` is a branch muster/…; found: name; expected: ["run"]
    UnknownSkill,    // found: name; expected: known names
    UnknownTeam,     // found: name; expected: known names
    UnknownVariable, // env.NAME; found: name; expected: those in `env`
    // Files that the flow names
    InvalidSchema, // found: place in the schema; expected: [what is wrong there]
    InvalidPath,   // found: path or pattern that leads out of the project
    MissingFile,   // found: path
    UnfitFile,     // found: path; expected: [why: too_large, not_text, not_json]
    // Inputs
    ChoiceWithoutChoices, // type choice, no `choices`
    DefaultNotOfType,     // found: value; expected: [type] or the choices
    // Expressions
    UnclosedExpression, // "${{" without "}}"
    EmptyExpression,
    ExpressionSyntax,     // found: the character or token that does not fit; expected: what would close it
    ForeachNotExpression, // foreach must be one expression or a list
    WhenNotExpression,    // `when` must be one expression or true/false
    UnknownName,          // found: identifier; expected: names there are
    UnknownInput,         // found: name; expected: declared inputs
    UnknownStepReference, // found: id; expected: steps this one needs, directly or not
    StepNotNeeded,        // found: id that exists but is not needed by this step; expected: [id of this step]
    UnknownField,         // found: "steps.a.jsn"; expected: fields
    FieldNotProduced,     // found: "steps.a.json"; expected: what the step would need, e.g. ["output: json"]
    DynamicReference,     // steps[x], or `steps`/`inputs` by itself; expected: ["steps.NAME.output"]
    ImpureName,           // found: Date, Math.random, eval, …: results must not change
    // Profiles (front matter)
    NoFrontMatter,       // expected: "---" as the first line
    UnclosedFrontMatter, // no second "---"
};

template <> struct EnumNames<FlowProblemCode> {
    using C = FlowProblemCode;
    static constexpr std::array table{
        std::pair{C::FileTooLarge, "file_too_large"},
        std::pair{C::NotUtf8, "not_utf8"},
        std::pair{C::EmptyFile, "empty_file"},
        std::pair{C::YamlSyntax, "yaml_syntax"},
        std::pair{C::TabIndent, "tab_indent"},
        std::pair{C::TooDeep, "too_deep"},
        std::pair{C::TooManyNodes, "too_many_nodes"},
        std::pair{C::SeveralDocuments, "several_documents"},
        std::pair{C::DuplicateKey, "duplicate_key"},
        std::pair{C::UnknownKey, "unknown_key"},
        std::pair{C::NotInThisVersion, "not_in_this_version"},
        std::pair{C::MissingKey, "missing_key"},
        std::pair{C::WrongType, "wrong_type"},
        std::pair{C::InvalidChoice, "invalid_choice"},
        std::pair{C::UnsupportedVersion, "unsupported_version"},
        std::pair{C::InvalidDuration, "invalid_duration"},
        std::pair{C::OutOfRange, "out_of_range"},
        std::pair{C::InvalidName, "invalid_name"},
        std::pair{C::TooLong, "too_long"},
        std::pair{C::EmptyValue, "empty_value"},
        std::pair{C::NoStepKind, "no_step_kind"},
        std::pair{C::SeveralStepKinds, "several_step_kinds"},
        std::pair{C::KeyNotForKind, "key_not_for_kind"},
        std::pair{C::DuplicateStep, "duplicate_step"},
        std::pair{C::UnknownStep, "unknown_step"},
        std::pair{C::SelfNeed, "self_need"},
        std::pair{C::DuplicateNeed, "duplicate_need"},
        std::pair{C::Cycle, "cycle"},
        std::pair{C::StepElsewhere, "step_elsewhere"},
        std::pair{C::SwitchWithoutCases, "switch_without_cases"},
        std::pair{C::DuplicateCase, "duplicate_case"},
        std::pair{C::CaseNeverTaken, "case_never_taken"},
        std::pair{C::ThenWithoutNeed, "then_without_need"},
        std::pair{C::JumpTargetNeeds, "jump_target_needs"},
        std::pair{C::LoopWithoutEnd, "loop_without_end"},
        std::pair{C::GroupMemberTwice, "group_member_twice"},
        std::pair{C::GroupMemberBatch, "group_member_batch"},
        std::pair{C::FromNotANeed, "from_not_a_need"},
        std::pair{C::FromForeach, "from_foreach"},
        std::pair{C::FromWithoutOwnWorktree, "from_without_own_worktree"},
        std::pair{C::ForeachKeyWithoutForeach, "foreach_key_without_foreach"},
        std::pair{C::ForeachSharesWorktree, "foreach_shares_worktree"},
        std::pair{C::UnknownProfile, "unknown_profile"},
        std::pair{C::UnknownRuntime, "unknown_runtime"},
        std::pair{C::UnknownBatch, "unknown_batch"},
        std::pair{C::UnknownFlow, "unknown_flow"},
        std::pair{C::FlowHasProblems, "flow_has_problems"},
        std::pair{C::FlowCircle, "flow_circle"},
        std::pair{C::FlowTooDeep, "flow_too_deep"},
        std::pair{C::UnknownFlowInput, "unknown_flow_input"},
        std::pair{C::MissingFlowInput, "missing_flow_input"},
        std::pair{C::FlowInputNotOfType, "flow_input_not_of_type"},
        std::pair{C::MergeIntoMuster, "merge_into_muster"},
        std::pair{C::UnknownSkill, "unknown_skill"},
        std::pair{C::UnknownTeam, "unknown_team"},
        std::pair{C::UnknownVariable, "unknown_variable"},
        std::pair{C::InvalidSchema, "invalid_schema"},
        std::pair{C::InvalidPath, "invalid_path"},
        std::pair{C::MissingFile, "missing_file"},
        std::pair{C::UnfitFile, "unfit_file"},
        std::pair{C::ChoiceWithoutChoices, "choice_without_choices"},
        std::pair{C::DefaultNotOfType, "default_not_of_type"},
        std::pair{C::UnclosedExpression, "unclosed_expression"},
        std::pair{C::EmptyExpression, "empty_expression"},
        std::pair{C::ExpressionSyntax, "expression_syntax"},
        std::pair{C::ForeachNotExpression, "foreach_not_expression"},
        std::pair{C::WhenNotExpression, "when_not_expression"},
        std::pair{C::UnknownName, "unknown_name"},
        std::pair{C::UnknownInput, "unknown_input"},
        std::pair{C::UnknownStepReference, "unknown_step_reference"},
        std::pair{C::StepNotNeeded, "step_not_needed"},
        std::pair{C::UnknownField, "unknown_field"},
        std::pair{C::FieldNotProduced, "field_not_produced"},
        std::pair{C::DynamicReference, "dynamic_reference"},
        std::pair{C::ImpureName, "impure_name"},
        std::pair{C::NoFrontMatter, "no_front_matter"},
        std::pair{C::UnclosedFrontMatter, "unclosed_front_matter"},
    };
};

struct FlowProblem {
    FlowProblemCode code = FlowProblemCode::YamlSyntax;
    int line = 1;   // from 1
    int column = 1; // from 1, in characters (code points), as editors count
    QString path;   // where in the document: "steps[2].retries.max"; empty at the top
    QString found;
    QStringList expected;
    QString suggestion;

    friend bool operator==(const FlowProblem &, const FlowProblem &) = default;
};

using FlowProblems = std::vector<FlowProblem>;

} // namespace muster
