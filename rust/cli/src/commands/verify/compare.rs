//! What was sealed against what is found: which record is which.

use std::collections::HashMap;

/// Larger blocks than this are not made; where one is claimed, it is not compared record by record.
const MOST: usize = 4096;

/// One difference. Indices are those of the sealed tags and of the found lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Altered { sealed: usize, found: usize },
    Removed { sealed: usize },
    Inserted { found: usize },
    Moved { sealed: usize, found: usize },
    Copied { found: usize, of: usize },
}

/// None where there is too much to compare.
pub(super) fn compare(sealed: &[u32], found: &[u32]) -> Option<Vec<Difference>> {
    let front = sealed.iter().zip(found).take_while(|(a, b)| a == b).count();
    let back =
        sealed[front..].iter().rev().zip(found[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (s, f) = (&sealed[front..sealed.len() - back], &found[front..found.len() - back]);
    if s.len() > MOST || f.len() > MOST {
        return None;
    }
    let gaps = gaps(s, f);
    // A tag that is missing here and found there was moved.
    let mut homeless: HashMap<u32, Vec<usize>> = HashMap::new();
    for at in gaps.iter().flat_map(|(sealed, _)| sealed) {
        homeless.entry(s[*at]).or_default().push(*at);
    }
    let mut moved = HashMap::new();
    for at in gaps.iter().flat_map(|(_, found)| found) {
        if let Some(from) = homeless.get_mut(&f[*at]).and_then(Vec::pop) {
            moved.insert(*at, from);
        }
    }
    let left: Vec<usize> = moved.values().copied().collect();
    let mut differences = Vec::new();
    for (gap_sealed, gap_found) in gaps {
        let mut lost = gap_sealed.into_iter().filter(|at| !left.contains(at)).map(|at| front + at);
        for at in gap_found {
            let here = front + at;
            differences.push(match (moved.get(&at), sealed.iter().position(|tag| *tag == f[at])) {
                (Some(from), _) => Difference::Moved { sealed: front + from, found: here },
                (None, Some(of)) => Difference::Copied { found: here, of },
                (None, None) => match lost.next() {
                    Some(sealed) => Difference::Altered { sealed, found: here },
                    None => Difference::Inserted { found: here },
                },
            });
        }
        differences.extend(lost.map(|sealed| Difference::Removed { sealed }));
    }
    Some(differences)
}

/// Runs of elements that a longest common subsequence leaves out, on both sides.
fn gaps(s: &[u32], f: &[u32]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let width = f.len() + 1;
    let mut longest = vec![0_u16; (s.len() + 1) * width];
    for i in (0..s.len()).rev() {
        for j in (0..f.len()).rev() {
            longest[i * width + j] = if s[i] == f[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    let mut gap = (Vec::new(), Vec::new());
    while i < s.len() || j < f.len() {
        if i < s.len() && j < f.len() && s[i] == f[j] {
            if gap != (Vec::new(), Vec::new()) {
                all.push(std::mem::take(&mut gap));
            }
            (i, j) = (i + 1, j + 1);
        } else if j == f.len() || (i < s.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            gap.0.push(i);
            i += 1;
        } else {
            gap.1.push(j);
            j += 1;
        }
    }
    all.push(gap);
    all
}

#[cfg(test)]
mod tests {
    use super::{Difference::*, *};

    #[test]
    fn each_kind_is_told() {
        let sealed = [1, 2, 3, 4, 5];
        for (found, expected) in [
            (&[1, 2, 3, 4, 5][..], vec![]),
            (&[1, 2, 9, 4, 5], vec![Altered { sealed: 2, found: 2 }]),
            (&[1, 2, 4, 5], vec![Removed { sealed: 2 }]),
            (&[1, 2, 3, 4], vec![Removed { sealed: 4 }]),
            (&[9, 1, 2, 3, 4, 5], vec![Inserted { found: 0 }]),
            (&[1, 2, 2, 3, 4, 5], vec![Copied { found: 2, of: 1 }]),
            (&[1, 3, 2, 4, 5], vec![Moved { sealed: 1, found: 2 }]),
            (&[9, 2, 3, 4, 8], vec![Altered { sealed: 0, found: 0 }, Altered { sealed: 4, found: 4 }]),
            (&[1, 9, 5], vec![Altered { sealed: 1, found: 1 }, Removed { sealed: 2 }, Removed { sealed: 3 }]),
        ] {
            assert_eq!(compare(&sealed, found).unwrap(), expected, "{found:?}");
        }
        assert_eq!(compare(&[0; 5000], &[1; 5000]), None);
    }
}
