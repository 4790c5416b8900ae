#include "ui/docks/workflow/rerun_menu.h"

#include "core/node/api/node_api.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_rerun.h"

using namespace Qt::StringLiterals;

namespace muster {

RerunMenu::RerunMenu(api::NodeApi *node, QWidget *parent)
    : QMenu(parent)
    , m_node(node)
{
    static_assert(EnumNames<RerunMode>::table.size() == std::tuple_size_v<decltype(m_actions)>);
    setToolTipsVisible(true);
    setAccessibleName(tr("Run again"));
    for (const auto &[mode, word] : EnumNames<RerunMode>::table) {
        QAction *action = addAction(QString());
        m_actions.at(static_cast<size_t>(mode)) = action;
        const bool ofStep = mode == RerunMode::From || mode == RerunMode::Skip;
        connect(action, &QAction::triggered, this, [this, mode, ofStep] {
            emit chosen({.run = m_run, .mode = mode, .step = ofStep ? m_step : QString()});
        });
    }
    connect(this, &QMenu::aboutToShow, this, &RerunMenu::look);
    name();
}

void RerunMenu::setTarget(RunId run, const QString &step)
{
    if (m_run == run && m_step == step)
        return;
    m_run = run;
    m_step = step;
    name();
    if (isVisible())
        look();
}

void RerunMenu::name()
{
    const QString step = m_step.isEmpty() ? tr("the selected step") : m_step;
    const std::array names{tr("&Whole run"), tr("&From %1").arg(step), tr("&Only what failed"),
                           tr("&Skip %1 and go on").arg(step), tr("With the file as it is &now")};
    for (size_t i = 0; i < m_actions.size(); ++i)
        m_actions.at(i)->setText(names.at(i));
}

void RerunMenu::look()
{
    for (QAction *action : m_actions) {
        action->setEnabled(false);
        action->setToolTip(tr("Looking what there is to do…"));
    }
    m_node->query(api::GetRerunChoices{.run = m_run, .step = m_step}, this,
                  [this, run = m_run, step = m_step](const Result<std::vector<api::RerunChoice>> &choices) {
        if (run != m_run || step != m_step)
            return;
        if (choices) {
            show(*choices);
            return;
        }
        for (QAction *action : m_actions)
            action->setToolTip(describe(choices.error()));
    });
}

void RerunMenu::show(const std::vector<api::RerunChoice> &choices)
{
    for (const api::RerunChoice &choice : choices) {
        const auto at = static_cast<size_t>(choice.mode);
        const bool ofStep = choice.mode == RerunMode::From || choice.mode == RerunMode::Skip;
        const bool lacksStep = ofStep && m_step.isEmpty();
        m_actions.at(at)->setEnabled(choice.error.isEmpty() && !lacksStep);
        m_actions.at(at)->setToolTip(lacksStep ? tr("Select a step first.") : describeChoice(choice));
    }
}

} // namespace muster
