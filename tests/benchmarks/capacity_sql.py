"""What the pages of capacity add up, as somebody would write it by hand, for either engine.

Values come by name: ``pcn``, ``year``, ``scope``, ``begin`` and ``end`` (moments, the second just
after the last day), ``quarter`` and ``twelve`` (moments, 13 weeks and a year before), ``today``.
"""

LEAD = {
    "people started, by day": """
        SELECT started_on, is_counted, elsewhere_on FROM counted_start
        WHERE organisation_id = :pcn AND year = :year AND scope = :scope
            AND started_on <= :today""",
    "funnel": """
        SELECT r.source, c.decline_reason, c.close_reason, c.declined_at IS NOT NULL,
            c.closed_at IS NOT NULL, c.first_conversation_at IS NOT NULL,
            c.plan_agreed_at IS NOT NULL, c.connected_at IS NOT NULL,
            c.last_contact_at IS NOT NULL AND EXISTS (SELECT 1 FROM contact k
                WHERE k.case_id = c.id AND k.kind = 'conversation' AND k.outcome = 'attended'),
            count(*)
        FROM referral r JOIN support_case c ON c.id = r.case_id
        WHERE r.organisation_id = :pcn AND r.referred_at >= :begin AND r.referred_at < :end
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9""",
    "people seen": """
        SELECT count(DISTINCT c.person_id) FROM support_case c
        WHERE c.organisation_id = :pcn AND (c.closed_at IS NULL OR c.closed_at >= :begin)
            AND EXISTS (SELECT 1 FROM contact k WHERE k.case_id = c.id AND k.at >= :begin
                AND k.at < :end AND k.kind = 'conversation' AND k.outcome = 'attended'
                AND k.mode IN ('phone', 'visit', 'in_person', 'video'))""",
    "open cases": """
        SELECT worker_id, complexity, first_conversation_at IS NOT NULL, count(*)
        FROM support_case WHERE organisation_id = :pcn AND closed_at IS NULL
            AND declined_at IS NULL GROUP BY 1, 2, 3""",
    "closed in a year": """
        SELECT count(*), min(c.first_conversation_at), max(c.closed_at), sum(
            (SELECT count(*) FROM contact k WHERE k.case_id = c.id
                AND k.kind = 'conversation' AND k.outcome = 'attended'))
        FROM support_case c WHERE c.organisation_id = :pcn AND c.closed_at >= :twelve
            AND c.closed_at < :end AND c.first_conversation_at IS NOT NULL""",
    "waiting": """
        SELECT count(CASE WHEN accepted_at >= :quarter THEN 1 END),
            count(CASE WHEN first_conversation_at >= :quarter THEN 1 END),
            count(CASE WHEN closed_at >= :quarter AND first_conversation_at IS NULL THEN 1 END)
        FROM support_case WHERE organisation_id = :pcn AND opened_at >= :twelve""",
    "waits": """
        SELECT opened_at, first_conversation_at FROM support_case
        WHERE organisation_id = :pcn AND first_conversation_at >= :quarter""",
    "duplicates": """
        WITH begun AS (SELECT DISTINCT p.id, p.date_of_birth, p.family_name_folded,
                p.given_name_folded FROM person p JOIN support_case c ON c.person_id = p.id
            WHERE c.organisation_id = :pcn AND c.first_conversation_at >= :begin)
        SELECT a.id, b.id FROM begun a JOIN begun b ON a.date_of_birth = b.date_of_birth
            AND a.id < b.id AND a.family_name_folded = b.family_name_folded""",
    "reach": """
        SELECT p.deprivation_decile, count(DISTINCT p.id) FROM person p
        JOIN support_case c ON c.person_id = p.id
        WHERE c.organisation_id = :pcn AND c.first_conversation_at >= :begin GROUP BY 1""",
    "gaps": """
        SELECT need, reason, count(*) FROM gap
        WHERE organisation_id = :pcn AND at >= :begin AND undone_at IS NULL GROUP BY 1, 2""",
    "practices": """
        SELECT o.name, (SELECT l.patients FROM list_size l WHERE l.organisation_id = o.id
                ORDER BY l.as_of DESC LIMIT 1), count(r.id)
        FROM organisation o LEFT JOIN referral r ON r.practice_id = o.id
            AND r.organisation_id = :pcn AND r.referred_at >= :begin AND r.referred_at < :end
        WHERE o.parent_id = :pcn AND o.kind = 'practice' GROUP BY o.id, o.name""",
    "posts": """
        SELECT p.wte, p.start_on, p.end_on, p.additional, p.state, p.worker_id, a.start_on, a.end_on
        FROM post p LEFT JOIN absence a ON a.worker_id = p.worker_id
        WHERE p.organisation_id = :pcn""",
}
ENGLAND = {
    "people started": """
        SELECT organisation_id, scope, count(*) FROM counted_start
        WHERE year = :year AND is_counted AND started_on <= :today GROUP BY 1, 2""",
    "waiting": """
        SELECT organisation_id, count(*) FROM support_case WHERE closed_at IS NULL
            AND declined_at IS NULL AND first_conversation_at IS NULL GROUP BY 1""",
    "lists": """
        SELECT l.organisation_id, l.patients FROM list_size l
        JOIN organisation o ON o.id = l.organisation_id AND o.kind = 'pcn'
        JOIN (SELECT organisation_id, max(as_of) AS as_of FROM list_size WHERE as_of <= :today
            GROUP BY 1) n ON n.organisation_id = l.organisation_id AND n.as_of = l.as_of""",
    "deprivation": "SELECT organisation_id, q1, q2, q3, q4, q5 FROM list_profile",
    "shares": "SELECT organisation_id, target, people FROM target_share WHERE year = :year",
    "posts": """
        SELECT organisation_id, additional, sum(wte) FROM post
        WHERE start_on <= :today AND (end_on IS NULL OR end_on >= :today)
            AND worker_id IS NOT NULL GROUP BY 1, 2""",
    "organisations": """
        SELECT id, kind, name, ods_code, parent_id, region FROM organisation
        WHERE kind IN ('pcn', 'icb')""",
}
