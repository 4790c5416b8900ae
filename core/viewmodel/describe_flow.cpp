// Sentences for the problems of flow files and profiles. The codes are those of core/flow/problem_codes.h,
// which this layer may not include; tests/core/viewmodel/tst_describe_flow.cpp checks that none is missing
// here.
#include "core/viewmodel/describe.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// %1 is what was found, %2 what is expected, %3 the closest of those.
struct Wording {
    const char *message;
    const char *hint;
};

constexpr const char *useOneOf = QT_TRANSLATE_NOOP("FlowProblem", "Use one of: %2.");
constexpr const char *knownAre = QT_TRANSLATE_NOOP("FlowProblem", "There are: %2.");

const QHash<QString, Wording> &fileWordings()
{
    static const QHash<QString, Wording> table{
        {u"file_too_large"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file has %1 bytes."),
          QT_TRANSLATE_NOOP("FlowProblem", "At most %2 bytes are read.")}},
        {u"not_utf8"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file is not UTF-8 (at byte %1)."),
          QT_TRANSLATE_NOOP("FlowProblem", "Save it as UTF-8.")}},
        {u"empty_file"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file is empty."),
          QT_TRANSLATE_NOOP("FlowProblem", "Start with: %2")}},
        {u"yaml_syntax"_s, {QT_TRANSLATE_NOOP("FlowProblem", "This is not valid YAML: %1."), "%2"}},
        {u"tab_indent"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "A tab is used to indent."),
          QT_TRANSLATE_NOOP("FlowProblem", "Use spaces.")}},
        {u"too_deep"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file is nested too deeply."),
          QT_TRANSLATE_NOOP("FlowProblem", "At most %2 levels.")}},
        {u"too_many_nodes"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file holds too much, aliases included."),
          QT_TRANSLATE_NOOP("FlowProblem", "At most %2 values.")}},
        {u"several_documents"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The file holds more than one document."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove the second “---”.")}},
        {u"duplicate_key"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is given twice."),
          QT_TRANSLATE_NOOP("FlowProblem", "The first is in line %2.")}},
        {u"unknown_key"_s, {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not known here."), useOneOf}},
        {u"not_in_this_version"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not in this version of Muster."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove it; a later version knows it.")}},
        {u"missing_key"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is missing."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “%1: …” here.")}},
        {u"wrong_type"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "This is %1."), QT_TRANSLATE_NOOP("FlowProblem", "Write %2.")}},
        {u"invalid_choice"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not one of the choices."), useOneOf}},
        {u"unsupported_version"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "Version %1 of the format is not known."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write muster: %2.")}},
        {u"invalid_duration"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not a duration."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write it like %2.")}},
        {u"out_of_range"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "%1 is out of range."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write a number from %2.")}},
        {u"invalid_name"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not a valid name."),
          QT_TRANSLATE_NOOP("FlowProblem", "A name is %2.")}},
        {u"too_long"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The text has %1 characters."),
          QT_TRANSLATE_NOOP("FlowProblem", "At most %2.")}},
        {u"empty_value"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” must not be empty."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write what it is, or remove it.")}},
        {u"choice_without_choices"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "An input of type choice has no choices."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “choices: [a, b]”.")}},
        {u"default_not_of_type"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The default “%1” does not fit the type."),
          QT_TRANSLATE_NOOP("FlowProblem", "It must be: %2.")}},
        {u"invalid_schema"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The JSON Schema is wrong at %1: %2."),
          QT_TRANSLATE_NOOP("FlowProblem", "Use JSON Schema draft 7, without patternProperties, references "
                                           "out of it and schemas that only refer back to themselves.")}},
        {u"invalid_path"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” leads out of the project."),
          QT_TRANSLATE_NOOP("FlowProblem",
                            "Name a file of the project, without “..” and links that lead out.")}},
        {u"missing_file"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "There is no file “%1” in the project."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add it, or name another.")}},
        {u"unfit_file"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” cannot be used here."),
          QT_TRANSLATE_NOOP("FlowProblem", "It is %2.")}},
        {u"no_front_matter"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The profile has no front matter."),
          QT_TRANSLATE_NOOP("FlowProblem", "The first line must be “---”.")}},
        {u"unclosed_front_matter"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The front matter is not closed."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add a second “---” line.")}},
    };
    return table;
}

const QHash<QString, Wording> &stepWordings()
{
    static const QHash<QString, Wording> table{
        {u"no_step_kind"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The step does not say what it does."),
          QT_TRANSLATE_NOOP("FlowProblem", "Give it one of: %2.")}},
        {u"several_step_kinds"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The step has both “%2” and “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "Make two steps of it.")}},
        {u"key_not_for_kind"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” does not go with this kind of step."),
          QT_TRANSLATE_NOOP("FlowProblem", "It goes with: %2.")}},
        {u"duplicate_step"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "There are two steps “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "The first is in line %2.")}},
        {u"unknown_step"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no step “%1”."), knownAre}},
        {u"self_need"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The step “%1” needs itself."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove it from its needs.")}},
        {u"duplicate_need"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is needed twice."),
          QT_TRANSLATE_NOOP("FlowProblem", "Name it once.")}},
        {u"cycle"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "Steps wait for each other: %1."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove one of these needs.")}},
        {u"step_elsewhere"_s,
         {QT_TRANSLATE_NOOP("FlowProblem",
                            "“%1” is within a loop, or in finally, and cannot be named from here."),
          QT_TRANSLATE_NOOP("FlowProblem", "Name the loop itself, or a step that stands beside this one.")}},
        {u"switch_without_cases"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The switch has no cases."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “- { case: NAME, when: \"${{ … }}\", then: [STEP] }”.")}},
        {u"duplicate_case"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "There are two cases “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "Give each its own name.")}},
        {u"case_never_taken"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The case “%1” is never taken."),
          QT_TRANSLATE_NOOP("FlowProblem", "“%2” comes before it and always is: move it to the end.")}},
        {u"then_without_need"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is in a branch of “%2” but does not need it."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “%2” to the needs of “%1”.")}},
        {u"jump_target_needs"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“goto %1” leads to a step that needs others."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove the needs of “%1”: it begins when it is jumped to.")}},
        {u"loop_without_end"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The loop does not say how often it goes round at most."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “max: 5”, for example.")}},
        {u"group_member_twice"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is in two groups."),
          QT_TRANSLATE_NOOP("FlowProblem", "It is in “%2” already: remove one of them.")}},
        {u"group_member_batch"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” has a batch and is in a group with a limit."),
          QT_TRANSLATE_NOOP("FlowProblem", "Keep one of the two caps.")}},
        {u"from_not_a_need"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“from: %1” names a step that is not needed."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add it to needs, or use one of: %2.")}},
        {u"from_foreach"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The step “%1” has a worktree for each item."),
          QT_TRANSLATE_NOOP("FlowProblem", "Name a step without foreach.")}},
        {u"from_without_own_worktree"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“from” needs a worktree of its own on both steps."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write “isolation: step”.")}},
        {u"foreach_key_without_foreach"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” only means something with foreach."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “foreach”, or remove “%1”.")}},
        {u"foreach_shares_worktree"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The items of a foreach cannot share the run's worktree."),
          useOneOf}},
        {u"unknown_profile"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no profile “%1”."), knownAre}},
        {u"unknown_runtime"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no runtime “%1”."), knownAre}},
        {u"unknown_batch"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no batch “%1”."), knownAre}},
        {u"unknown_flow"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no flow “%1”."), knownAre}},
        {u"flow_has_problems"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The flow “%1” cannot be used: it has problems."),
          QT_TRANSLATE_NOOP("FlowProblem", "The first is at %2.")}},
        {u"flow_circle"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "Flows start each other: %1."),
          QT_TRANSLATE_NOOP("FlowProblem", "Remove one of these steps.")}},
        {u"flow_too_deep"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "Too many flows one within the other, by “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "At most %2, this one counted.")}},
        {u"unknown_flow_input"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The flow has no input “%1”."), useOneOf}},
        {u"missing_flow_input"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The flow “%2” needs the input “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write “flow: { name: %2, inputs: { %1: … } }”.")}},
        {u"flow_input_not_of_type"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” does not fit the input."),
          QT_TRANSLATE_NOOP("FlowProblem", "It must be: %2.")}},
        {u"merge_into_muster"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is not a branch of the project's own."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write “into: %2” for the run's, or the name of a branch.")}},
        {u"unknown_skill"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no skill “%1”."), knownAre}},
        {u"unknown_team"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no team “%1”."), knownAre}},
        {u"unknown_variable"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“env.%1” is not declared."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add it to “env” at the top. Declared there: %2.")}},
        {u"unclosed_expression"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“${{” is not closed."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “}}”.")}},
        {u"empty_expression"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The expression is empty."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write for example “${{ inputs.NAME }}”.")}},
        {u"expression_syntax"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The expression cannot be read at “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "Expected there: “%2”.")}},
        {u"foreach_not_expression"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "foreach must be a list or one expression."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write “${{ … }}” and nothing else.")}},
        {u"when_not_expression"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "when must be true, false or one expression."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write “${{ … }}” and nothing else.")}},
        {u"unknown_name"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The expression does not know “%1”."), knownAre}},
        {u"unknown_input"_s, {QT_TRANSLATE_NOOP("FlowProblem", "There is no input “%1”."), knownAre}},
        {u"unknown_step_reference"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "There is no step “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "The steps that this one needs: %2.")}},
        {u"step_not_needed"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” is used but not needed by “%2”."),
          QT_TRANSLATE_NOOP("FlowProblem", "Add “%1” to the needs of “%2”.")}},
        {u"unknown_field"_s, {QT_TRANSLATE_NOOP("FlowProblem", "“%1” does not exist."), useOneOf}},
        {u"field_not_produced"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "The step does not give “%1”."),
          QT_TRANSLATE_NOOP("FlowProblem", "It would need: %2.")}},
        {u"dynamic_reference"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "Steps and inputs must be named outright."),
          QT_TRANSLATE_NOOP("FlowProblem", "Write it like %2.")}},
        {u"impure_name"_s,
         {QT_TRANSLATE_NOOP("FlowProblem", "“%1” gives another result each time."),
          QT_TRANSLATE_NOOP("FlowProblem", "Use an input instead.")}},
    };
    return table;
}

// What YAML calls the kinds of values, as words of a sentence.
QString valueKind(const QString &name)
{
    static const QHash<QString, const char *> words{
        {u"text"_s, QT_TRANSLATE_NOOP("FlowProblem", "text")},
        {u"number"_s, QT_TRANSLATE_NOOP("FlowProblem", "a number")},
        {u"whole number"_s, QT_TRANSLATE_NOOP("FlowProblem", "a whole number")},
        {u"boolean"_s, QT_TRANSLATE_NOOP("FlowProblem", "true or false")},
        {u"list"_s, QT_TRANSLATE_NOOP("FlowProblem", "a list")},
        {u"map"_s, QT_TRANSLATE_NOOP("FlowProblem", "keys with values")},
        {u"nothing"_s, QT_TRANSLATE_NOOP("FlowProblem", "empty")}};
    const char *word = words.value(name, nullptr);
    return word ? QCoreApplication::translate("FlowProblem", word) : name;
}

// Why a file cannot be used, as the end of a sentence.
QString unfitness(const QString &why)
{
    static const QHash<QString, const char *> words{
        {u"too_large"_s, QT_TRANSLATE_NOOP("FlowProblem", "too large")},
        {u"not_text"_s, QT_TRANSLATE_NOOP("FlowProblem", "not a text file in UTF-8")},
        {u"not_json"_s,
         QT_TRANSLATE_NOOP("FlowProblem", "not a JSON object, or not named in so many words")}};
    const char *word = words.value(why, nullptr);
    return word ? QCoreApplication::translate("FlowProblem", word) : why;
}

QString listed(const api::FlowProblemInfo &problem)
{
    if (problem.code == "wrong_type"_L1)
        return valueKind(problem.expected.value(0));
    if (problem.code == "unfit_file"_L1)
        return unfitness(problem.expected.value(0));
    if (problem.code == "out_of_range"_L1 && problem.expected.size() == 2)
        return QCoreApplication::translate("FlowProblem", "%1 to %2")
            .arg(problem.expected.at(0), problem.expected.at(1));
    return problem.expected.join(u", "_s);
}

QString fill(const char *source, const QString &found, const QString &expected)
{
    // What was found may itself look like a place.
    QStringList parts = QCoreApplication::translate("FlowProblem", source).split("%2"_L1);
    for (QString &part : parts)
        part.replace("%1"_L1, found);
    return parts.join(expected);
}

} // namespace

FlowProblemText describe(const api::FlowProblemInfo &problem)
{
    const QString found = problem.code == "wrong_type"_L1 ? valueKind(problem.found) : problem.found;
    const QString suggestion = problem.suggestion;
    const QString expected = listed(problem);
    Wording wording{};
    if (problem.code == "not_in_this_version"_L1 && problem.found == "loop"_L1)
        wording = {QT_TRANSLATE_NOOP("FlowProblem", "A loop in a loop is not in this version of Muster."),
                   QT_TRANSLATE_NOOP("FlowProblem",
                                     "Put the inner one into a flow of its own, and start that "
                                     "here with a “flow” step.")};
    else if (fileWordings().contains(problem.code))
        wording = fileWordings().value(problem.code);
    else if (stepWordings().contains(problem.code))
        wording = stepWordings().value(problem.code);
    else
        return {.message = problem.code % u": " % found, .hint = {}};

    FlowProblemText text{.message = fill(wording.message, found, expected), .hint = {}};
    if (!suggestion.isEmpty())
        text.hint = QCoreApplication::translate("FlowProblem", "Did you mean “%1”?").arg(suggestion);
    else if (!expected.isEmpty() || !QByteArray(wording.hint).contains("%2"))
        text.hint = fill(wording.hint, found, expected);
    else if (problem.code.startsWith("unknown_"_L1))
        text.hint = QCoreApplication::translate("FlowProblem", "There are none here.");
    return text;
}

} // namespace muster
