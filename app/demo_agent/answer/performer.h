// Does what an intent asks for and gives the answer as Markdown (or JSON if that was asked). It reads the
// repository anew for every turn, because people and other agents change it meanwhile. Used from the
// turn's thread.
#pragma once

#include "app/demo_agent/analysis/git.h"
#include "app/demo_agent/answer/intent.h"
#include "app/demo_agent/reading/coverage.h"
#include "app/demo_agent/reading/inventory.h"
#include "app/demo_agent/serve/actions.h"

namespace muster::demo {

class Performer {
public:
    Performer(QString root, Narrator &narrator, Standing &standing);

    [[nodiscard]] QString perform(const Intent &intent, const Prompt &prompt);

private:
    [[nodiscard]] QString answerTo(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString answerAbout(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] bool scan();
    [[nodiscard]] const Inventory &inventory();
    [[nodiscard]] const TestIndex &tests();
    [[nodiscard]] const Result<History> &history();

    [[nodiscard]] QString greet();
    [[nodiscard]] QString inventoryAnswer(const Intent &intent);
    [[nodiscard]] QString summarise(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString summariseWhole(const Intent &intent);
    [[nodiscard]] QString unknown(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString notes(const Intent &intent);
    [[nodiscard]] QString churn();
    [[nodiscard]] QString recent(const Intent &intent);
    [[nodiscard]] QString authors();
    [[nodiscard]] QString testsAnswer();
    [[nodiscard]] QString licence();
    [[nodiscard]] QString parts();
    [[nodiscard]] QString show(const Intent &intent);
    [[nodiscard]] QString survey(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString work(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString report(const Intent &intent, const Prompt &prompt);
    [[nodiscard]] QString edit(const Intent &intent);
    [[nodiscard]] QString composed(const Intent &intent);
    [[nodiscard]] QString partDocument(const QString &path);

    QString m_root;
    Narrator &m_narrator;
    Actions m_actions;
    StopCheck m_stop;
    Repository m_repository;
    std::optional<Inventory> m_inventory;
    std::optional<TestIndex> m_tests;
    std::optional<Result<History>> m_history;
    QString m_problem;
    bool m_scanned = false;
};

} // namespace muster::demo
